namespace Backprop.Notebooks.Running;

/// <summary>Where a file lies, however it is named: links are followed, those among its folders too.</summary>
internal static class RealPath
{
    /// <summary>Compares such paths as the system's usual file system does.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The path without links; what is not there yet has none.</summary>
    /// <param name="path">The path of a file or of a folder.</param>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            FileSystemInfo next = new DirectoryInfo(Path.Combine(real, part));
            next = next.Exists ? next : new FileInfo(next.FullName);
            // What a link leads to may lie behind links itself.
            real = next.LinkTarget is not null && next.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Of(target.FullName) : next.FullName;
        }

        return real;
    }
}

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
            // A link to a link to a folder below another link is a path of its own.
            real = next.LinkTarget is null || next.ResolveLinkTarget(returnFinalTarget: true) is not { } target ? next.FullName
                : target.FullName == next.FullName ? next.FullName : Of(target.FullName);
        }

        return real;
    }
}

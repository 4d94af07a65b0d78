namespace Backprop.Notebooks.Running;

/// <summary>Where the notebooks and their projects are.</summary>
internal static class Repository
{
    /// <summary>
    /// The folder with the solution or with <c>notebooks/</c> above the program or above the current directory; null
    /// where neither has one.
    /// </summary>
    public static string? Find() => Find(folder => folder.EnumerateFiles("*.slnx").Any() || Directory.Exists(Path.Combine(folder.FullName, "notebooks")));

    /// <summary>The project of this program, above the program or above the current directory; null where its source is not there.</summary>
    public static string? FindOwnProject() =>
        Find(folder => File.Exists(OwnProject(folder.FullName))) is { } folder ? OwnProject(folder) : null;

    private static string OwnProject(string folder) => Path.Combine(folder, "lib", "Backprop.Notebooks", "Backprop.Notebooks.csproj");

    private static string? Find(Func<DirectoryInfo, bool> isIt) =>
        new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }.SelectMany(Upwards).FirstOrDefault(isIt)?.FullName;

    private static IEnumerable<DirectoryInfo> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at;
        }
    }
}

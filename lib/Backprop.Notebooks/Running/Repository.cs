namespace Backprop.Notebooks.Running;

/// <summary>Where the notebooks and their projects are.</summary>
internal static class Repository
{
    /// <summary>
    /// The folder with the solution or with <c>notebooks/</c> above the program or above the current directory; null
    /// where neither has one.
    /// </summary>
    public static string? Find() => Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory);

    private static string? Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (at.EnumerateFiles("*.slnx").Any() || Directory.Exists(Path.Combine(at.FullName, "notebooks")))
            {
                return at.FullName;
            }
        }

        return null;
    }
}

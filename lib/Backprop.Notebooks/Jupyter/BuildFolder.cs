namespace Backprop.Notebooks.Jupyter;

/// <summary>
/// Where a kernel is built: all that lies between its source and the published copy. It is kept beside the project's
/// other intermediate files, so that to install again takes seconds; only one installation has it at a time.
/// </summary>
internal sealed class BuildFolder : IDisposable
{
    private readonly FileStream? _lock;
    private readonly string _packages;
    private readonly string _builtWith;

    private BuildFolder(string path, FileStream? @lock, string packages, string builtWith) =>
        (FullName, _lock, _packages, _builtWith) = (path, @lock, packages, builtWith);

    /// <summary>The folder. What is in it is complete, made with the same packages.</summary>
    public string FullName { get; }

    /// <summary>The folder of a project, or an empty one in the system's place for such where that one is in use or cannot be written.</summary>
    /// <param name="project">The path of the project.</param>
    /// <param name="packages">A file that changes when other packages are used: a build compares times, and a package's files are older than what was made of them.</param>
    public static BuildFolder For(string project, string packages)
    {
        var own = Path.Combine(Path.GetDirectoryName(project)!, "obj", "kernel");
        var (path, builtWith) = (Path.Combine(own, "build"), Path.Combine(own, "packages.json"));
        FileStream? one = null;
        try
        {
            Directory.CreateDirectory(own);
            one = new(Path.Combine(own, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            if (Directory.Exists(path) && !(File.Exists(builtWith) && File.ReadAllText(builtWith) == File.ReadAllText(packages)))
            {
                Directory.Delete(path, recursive: true);
            }

            // Who is killed in the middle leaves half a file, which the next build would take for a whole one.
            File.Delete(builtWith);
            return new(Directory.CreateDirectory(path).FullName, one, packages, builtWith);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            one?.Dispose();
            return new(Directory.CreateTempSubdirectory("backprop-kernel-").FullName, null, packages, builtWith);
        }
    }

    /// <summary>Says that the build has succeeded, and may be gone on from.</summary>
    public void Keep()
    {
        if (_lock is not null)
        {
            File.Copy(_packages, _builtWith);
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (_lock is null)
        {
            Delete(FullName);
        }
    }

    /// <summary>Deletes a folder if there is one. Leftovers do no harm; that they cannot be deleted is no reason to fail.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

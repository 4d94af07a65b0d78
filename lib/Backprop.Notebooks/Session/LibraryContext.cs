using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Loads what a session's cells reference, and what stands beside it, each assembly once and whatever version its users
/// were built against: two copies of one assembly, such as FSharp.Core, would have types that do not match. What the
/// host has is the host's: above all the registry of formatters.
/// </summary>
internal sealed class LibraryContext() : AssemblyLoadContext("notebook session")
{
    /// <summary>
    /// What the host would load itself, by the names of the assemblies; the cells' own assemblies are given these, so
    /// everything else must be.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Hosts { get; } = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);

    public void Add(IReadOnlyList<string> paths)
    {
        var files = paths.Where(path => !Hosts.ContainsKey(Path.GetFileNameWithoutExtension(path))).ToList();
        foreach (var path in files)
        {
            _files[Path.GetFileNameWithoutExtension(path)] = path;
        }

        foreach (var beside in files.Select(Path.GetDirectoryName).OfType<string>().Distinct().SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")))
        {
            _files.TryAdd(Path.GetFileNameWithoutExtension(beside), beside);
        }

        foreach (var path in files)
        {
            LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        }
    }

    /// <summary>The assembly of that name, if the session has it and the host has not.</summary>
    public Assembly? Find(AssemblyName name) =>
        name.Name is not null && !Hosts.ContainsKey(name.Name) && _files.ContainsKey(name.Name) ? LoadFromAssemblyName(name) : null;

    protected override Assembly? Load(AssemblyName name) =>
        name.Name is not null && !Hosts.ContainsKey(name.Name) && _files.TryGetValue(name.Name, out var path) ? LoadFromAssemblyPath(path) : null;
}

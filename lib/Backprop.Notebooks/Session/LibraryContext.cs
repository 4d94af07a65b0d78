using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Loads what a session's cells reference, and what stands beside it, each assembly once and whatever version its users
/// were built against. The scripting engine alone loads FSharp.Core once for each version asked for, and types from
/// the two copies do not match. What the host has is the host's: above all the registry of formatters.
/// </summary>
internal sealed class LibraryContext(InteractiveAssemblyLoader loader) : AssemblyLoadContext("notebook session")
{
    /// <summary>What the host would load itself; the cells' own assemblies are given these, so everything else must be.</summary>
    private static readonly HashSet<string> s_hosts = new(
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator).Select(path => Path.GetFileNameWithoutExtension(path)),
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);

    public void Add(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            _files[Path.GetFileNameWithoutExtension(path)] = path;
        }

        foreach (var beside in paths.Select(Path.GetDirectoryName).OfType<string>().Distinct().SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")))
        {
            _files.TryAdd(Path.GetFileNameWithoutExtension(beside), beside);
        }

        foreach (var path in paths)
        {
            LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        }
    }

    protected override Assembly? Load(AssemblyName name)
    {
        if (name.Name is null || s_hosts.Contains(name.Name) || !_files.TryGetValue(name.Name, out var path))
        {
            return null;
        }

        var assembly = LoadFromAssemblyPath(path);
        loader.RegisterDependency(assembly);
        return assembly;
    }
}

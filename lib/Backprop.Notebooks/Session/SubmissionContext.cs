using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Holds the assembly of one cell, and lets go of it: when no variable, no running code and no later cell needs it any
/// more, its memory is free again.
/// </summary>
/// <param name="name">The assembly's name.</param>
/// <param name="uses">
/// The assemblies of earlier cells that it refers to. The runtime asks for one when code needs it first: a handler that
/// the cell has set up may run long after that other cell is gone from the session.
/// </param>
/// <param name="libraries">Finds all others.</param>
internal sealed class SubmissionContext(string name, IReadOnlyList<Assembly> uses, LibraryContext libraries) : AssemblyLoadContext(name, isCollectible: true)
{
    protected override Assembly? Load(AssemblyName assemblyName) =>
        uses.FirstOrDefault(used => used.GetName().Name == assemblyName.Name) ?? libraries.Find(assemblyName);
}

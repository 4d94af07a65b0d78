using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Holds the assembly of one cell, and lets go of it: when no variable, no running code and no later cell needs it any
/// more, its memory is free again.
/// </summary>
internal sealed class SubmissionContext(string name, Func<AssemblyName, Assembly?> find) : AssemblyLoadContext(name, isCollectible: true)
{
    protected override Assembly? Load(AssemblyName assemblyName) => find(assemblyName);
}

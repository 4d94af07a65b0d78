using Microsoft.CodeAnalysis;

namespace Backprop.Notebooks.Session;

/// <summary>What code in a session can see.</summary>
/// <param name="Cells">The code of the cells that ran, oldest first.</param>
/// <param name="References">The libraries that they can use.</param>
/// <param name="Imports">The namespaces that are open for every cell.</param>
public sealed record SessionSnapshot(IReadOnlyList<string> Cells, IReadOnlyList<MetadataReference> References, IReadOnlyList<string> Imports);

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Libraries as the compiler sees them, read once for the process: what it has found out about a library's types in one
/// session is there for the next.
/// </summary>
/// <param name="folder">Where relative names in a cell's <c>#r</c> start.</param>
internal sealed class SharedReferences(string folder) : MetadataReferenceResolver
{
    private static readonly ConcurrentDictionary<string, (DateTime Written, PortableExecutableReference Reference)> s_read = new();

    private readonly ScriptMetadataResolver _named = ScriptMetadataResolver.Default.WithBaseDirectory(folder);

    /// <summary>The library in a file; read again when the file has been written since.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BadImageFormatException">It is no .NET library.</exception>
    public static PortableExecutableReference Of(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        if (s_read.TryGetValue(path, out var known) && known.Written == written)
        {
            return known.Reference;
        }

        // Only what the compiler looks at: the framework's code would be most of it.
        var metadata = ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.PrefetchMetadata);
        var reference = AssemblyMetadata.Create(metadata).GetReference(filePath: path, display: path);
        s_read[path] = (written, reference);
        return reference;
    }

    /// <inheritdoc/>
    public override bool ResolveMissingAssemblies => true;

    /// <summary>What a library itself refers to: the host's, or what lies beside the library.</summary>
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        if (LibraryContext.Hosts.TryGetValue(referenceIdentity.Name, out var hosts))
        {
            return Of(hosts);
        }

        return definition is PortableExecutableReference { FilePath: { } path }
            && Path.Combine(Path.GetDirectoryName(path)!, referenceIdentity.Name + ".dll") is var beside
            && File.Exists(beside) ? Of(beside) : null;
    }

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        _named.ResolveReference(reference, baseFilePath, properties);

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is SharedReferences resolver && resolver._named.Equals(_named);

    /// <inheritdoc/>
    public override int GetHashCode() => _named.GetHashCode();
}

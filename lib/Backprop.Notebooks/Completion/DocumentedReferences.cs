using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Backprop.Notebooks.Completion;

/// <summary>
/// References with their documentation. A library's stands in a file beside it. The framework's stands in the SDK's
/// reference pack, whose assemblies take the place of the framework's own.
/// </summary>
internal static class DocumentedReferences
{
    private static readonly string s_runtime = Path.GetFullPath(RuntimeEnvironment.GetRuntimeDirectory());

    private static readonly Lazy<IReadOnlyList<MetadataReference>?> s_framework = new(() =>
        ReferencePack() is { } pack ? [.. Directory.EnumerateFiles(pack, "*.dll").Select(Documented)] : null);

    public static IEnumerable<MetadataReference> Of(IEnumerable<MetadataReference> references) =>
        references.Where(reference => s_framework.Value is null || !IsFrameworks(reference))
            .Select(reference => reference is PortableExecutableReference { FilePath: { } path } ? Documented(path) : reference)
            .Concat(s_framework.Value ?? []);

    private static MetadataReference Documented(string path)
    {
        var documentation = Path.ChangeExtension(path, ".xml");
        return MetadataReference.CreateFromFile(path, documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    }

    private static bool IsFrameworks(MetadataReference reference) =>
        reference is PortableExecutableReference { FilePath: { } path } && Path.GetFullPath(path).StartsWith(s_runtime, StringComparison.Ordinal);

    // Beside the shared frameworks: packs/Microsoft.NETCore.App.Ref/10.0.x/ref/net10.0.
    private static string? ReferencePack()
    {
        var packs = Path.GetFullPath(Path.Combine(s_runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var version = Environment.Version;
        return !Directory.Exists(packs) ? null : Directory.EnumerateDirectories(packs, $"{version.Major}.{version.Minor}.*")
            .Select(folder => Path.Combine(folder, "ref", $"net{version.Major}.{version.Minor}"))
            .Where(Directory.Exists)
            .Max(StringComparer.Ordinal);
    }
}

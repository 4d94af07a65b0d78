using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Notebooks.Session;

/// <summary>What every cell sees without asking: the framework, the formatters, and the display functions.</summary>
internal static class SessionReferences
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_host = new(() =>
    [
        .. Framework().Append(typeof(SessionReferences).Assembly.Location)
            .Append(typeof(Formatter).Assembly.Location)
            .Append(typeof(IHtmlContent).Assembly.Location)
            .Select(SharedReferences.Of),
    ]);

    /// <summary>Read once for the process: every session shares them.</summary>
    public static IReadOnlyList<MetadataReference> Host => s_host.Value;

    /// <summary>The namespaces and static classes that .NET Interactive's C# kernel opens for every cell, but for <see cref="HtmlTags"/>.</summary>
    public static IReadOnlyList<string> Imports { get; } =
    [
        "System",
        "System.IO",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
        "Microsoft.DotNet.Interactive",
        "Microsoft.DotNet.Interactive.Formatting",
        "Microsoft.DotNet.Interactive.Kernel",
    ];

    /// <summary>True for a copy of an assembly that the session already has.</summary>
    public static bool IsHosts(string path) =>
        Host.Any(reference => string.Equals(Path.GetFileName(reference.Display), Path.GetFileName(path), StringComparison.OrdinalIgnoreCase));

    /// <summary>True for the kernel of .NET Interactive, whose names are this host's own here: a cell that saw both could use neither.</summary>
    public static bool IsOtherHost(string path) => Path.GetFileName(path) == "Microsoft.DotNet.Interactive.dll";

    private static IEnumerable<string> Framework()
    {
        var folder = RuntimeEnvironment.GetRuntimeDirectory();
        return Directory.EnumerateFiles(folder, "*.dll").Where(path =>
            Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Microsoft.CSharp.dll" or "netstandard.dll" or "mscorlib.dll")
            // System.Private.Xml and its kind hold what the public assemblies forward to; the core must be named itself.
            && !name.EndsWith(".Native.dll", StringComparison.Ordinal));
    }
}

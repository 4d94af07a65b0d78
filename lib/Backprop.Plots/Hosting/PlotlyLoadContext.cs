using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Backprop.Plots;

/// <summary>
/// A place of its own for Plotly.NET in a host whose FSharp.Core is too old for it.
/// </summary>
/// <remarks>
/// <para>
/// The last kernel of .NET Interactive has FSharp.Core 10.0.0.0 among its own assemblies, Plotly.NET 6 asks for 10.1.0.0,
/// and the default load context answers a request for a newer version than its own with an error. Handing out a newer
/// FSharp.Core alone is not enough: Giraffe.ViewEngine and Fable.Core ask for older versions, would get the host's, and
/// a list of the one FSharp.Core is not a list of the other. So everything that speaks F# lives in one context together.
/// </para>
/// <para>
/// Where the host has no FSharp.Core and leaves loading to Roslyn's scripting engine, the same happens: that loads
/// FSharp.Core once for each version asked for. Everywhere else this stays out of the way: a second Plotly.NET beside
/// the host's would make charts that the host's own extensions do not recognise.
/// </para>
/// </remarks>
internal sealed class PlotlyLoadContext : AssemblyLoadContext
{
    private const string FSharpCore = "FSharp.Core";

    private static readonly string[] s_residents =
        [FSharpCore, "Plotly.NET", "Plotly.NET.CSharp", "DynamicObj", "Giraffe.ViewEngine", "Fable.Core"];

    private static PlotlyLoadContext? s_installed;
    private static bool s_isFirst;

    private readonly string _folder;

    private PlotlyLoadContext(string folder)
        : base("Plotly.NET with its own FSharp.Core")
    {
        _folder = folder;
        // Asked last, after the host: Newtonsoft.Json is the host's where it has one, and the folder's where not.
        Resolving += (_, name) => FromFolder(name);
    }

    /// <summary>
    /// Runs before anything else of this assembly does. Nothing here may name a type of Plotly.NET: the JIT would look
    /// for its assembly before there is somebody to ask.
    /// </summary>
#pragma warning disable CA2255 // A module initializer in a library: a notebook's cell may name a chart before it calls anything else.
    [ModuleInitializer]
    internal static void InstallWhereNeeded()
#pragma warning restore CA2255
    {
        var folder = Path.GetDirectoryName(typeof(PlotlyLoadContext).Assembly.Location);
        if (string.IsNullOrEmpty(folder)
            || RequiredVersion(PathIn(folder, "Plotly.NET")) is not { } required
            || (HostVersion() is { } host ? host >= required : !IsLoadedByRoslyn()))
        {
            return;
        }

        var context = s_installed = new PlotlyLoadContext(folder);
        // Roslyn's scripting loader asks the default context's handlers before it looks beside the assembly that asks.
        AskFirst((_, name) => IsResident(name) ? context.LoadFromAssemblyName(name) : null);
    }

    /// <summary>
    /// Has the default context ask this handler before all that are there already. Where Plotly.NET came as a package, the
    /// kernel of .NET Interactive has one that would load it into the default context, beside the FSharp.Core that is too
    /// old for it. The framework offers no order, so the list is read where it keeps it; if a later one keeps it elsewhere,
    /// this handler is the last, which is enough for notebooks that reference files.
    /// </summary>
    private static void AskFirst(Func<AssemblyLoadContext, AssemblyName, Assembly?> handler)
    {
        var earlier = (typeof(AssemblyLoadContext).GetField("_resolving", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(Default) as Delegate)
            ?.GetInvocationList().OfType<Func<AssemblyLoadContext, AssemblyName, Assembly?>>().ToArray() ?? [];
        foreach (var other in earlier)
        {
            Default.Resolving -= other;
        }

        Default.Resolving += handler;
        foreach (var other in earlier)
        {
            Default.Resolving += other;
        }
    }

    /// <summary>
    /// Refuses a host in which another copy of Plotly.NET came first: charts are made by the one and combined by the
    /// other, and neither knows the other's. Where this context stays out of the way, all use the first one.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is another copy; the message says what to do.</exception>
    internal static void ThrowIfLate()
    {
        if (s_installed is { } context && !s_isFirst && AppDomain.CurrentDomain.GetAssemblies().Any(assembly =>
            assembly.GetName().Name == "Plotly.NET" && GetLoadContext(assembly) != context && assembly.Location != context.PathOf(assembly.GetName())))
        {
            throw new InvalidOperationException(
                "Plotly.NET was loaded before this cell ran, by Plotly.NET.Interactive perhaps, in a copy that does not work in this kernel. "
                + "Restart the kernel and run this cell first; what is loaded after it works.");
        }

        s_isFirst = true;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) => IsResident(assemblyName) ? Loaded(assemblyName) ?? FromFolder(assemblyName) : null;

    private static bool IsResident(AssemblyName name) => s_residents.Contains(name.Name);

    private Assembly? FromFolder(AssemblyName name)
    {
        var path = PathOf(name);
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <summary>
    /// The folder's assembly where the host has loaded it already: a cell that names a chart before it calls anything of
    /// this assembly makes the JIT look for Plotly.NET before the handler is there. What that copy asks for next comes
    /// from here, so it is as good as ours, and a second one would have charts of another type.
    /// </summary>
    private Assembly? Loaded(AssemblyName name) => AppDomain.CurrentDomain.GetAssemblies()
        .FirstOrDefault(assembly => !assembly.IsDynamic && assembly.Location == PathOf(name));

    private string PathOf(AssemblyName name) => PathIn(_folder, name.Name!);

    /// <summary>
    /// Beside this assembly; or, where that comes out of a package (…/backprop.plots/1.0.0/lib/net10.0), in the package
    /// that the build has noted, below the same folder.
    /// </summary>
    private static string PathIn(string folder, string name)
    {
        var beside = Path.Combine(folder, name + ".dll");
        return File.Exists(beside)
            || typeof(PlotlyLoadContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "package of " + name)?.Value is not { } package
            ? beside
            : Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "..", package));
    }

    private static bool IsLoadedByRoslyn() =>
        GetLoadContext(typeof(PlotlyLoadContext).Assembly)?.GetType().Assembly.GetName().Name == "Microsoft.CodeAnalysis.Scripting";

    /// <summary>The version of FSharp.Core that the default context has loaded or would load, null where it has none.</summary>
    private static Version? HostVersion()
    {
        var loaded = Default.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == FSharpCore);
        if (loaded is not null)
        {
            return loaded.GetName().Version;
        }

        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        var path = trusted.Split(Path.PathSeparator)
            .FirstOrDefault(path => Path.GetFileNameWithoutExtension(path.AsSpan()).Equals(FSharpCore, StringComparison.OrdinalIgnoreCase));
        return path is not null && File.Exists(path) ? AssemblyName.GetAssemblyName(path).Version : null;
    }

    /// <summary>The version of FSharp.Core that an assembly was compiled against, null where it is not there or uses none.</summary>
    private static Version? RequiredVersion(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences
            .Select(metadata.GetAssemblyReference)
            .Where(reference => metadata.StringComparer.Equals(reference.Name, FSharpCore))
            .Select(reference => reference.Version)
            .FirstOrDefault();
    }
}

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Session;

/// <summary>A compiled cell. What it declares at its outermost level are members of one class, of which it makes one object.</summary>
/// <param name="Code">The cell's code, as it was written.</param>
/// <param name="Compilation">How the compiler sees it: later cells look their names up here.</param>
internal sealed record Submission(string Code, CSharpCompilation Compilation)
{
    // Its own text, after that of the files that it brings in with #load.
    private readonly IReadOnlyList<CompilationUnitSyntax> _roots = [.. Compilation.SyntaxTrees.Cast<CSharpSyntaxTree>().Select(tree => tree.GetCompilationUnitRoot())];
    private IReadOnlyList<string>? _usings;
    private ILookup<string, string>? _declarations;
    private IReadOnlySet<string>? _names;
    private IReadOnlySet<string>? _mentions;

    /// <summary>The name of the assembly that is made of it, by which it is told from all others.</summary>
    public string AssemblyName => Compilation.AssemblyName!;

    /// <summary>The assembly that was made of it; null where there is nothing to run.</summary>
    public Assembly? Assembly { get; init; }

    /// <summary>Its object, with the variables in its fields; null before it runs.</summary>
    public object? Instance { get; init; }

    /// <summary>Names of the assemblies that its own refers to.</summary>
    public IReadOnlySet<string> Uses { get; init; } = new HashSet<string>();

    /// <summary>Names of the assemblies of the cells before it that have code, oldest first: where its own finds their objects.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Numbers that its variables hold after it has run, instead of those in its assembly.</summary>
    public IReadOnlyDictionary<string, object> Numbers { get; init; } = new Dictionary<string, object>();

    /// <summary>True when it has anonymous types of its own: the compiler gives them names with the cell's place in the chain, so it cannot have another one.</summary>
    public bool HasAnonymousTypes { get; init; }

    /// <summary>True when it brings references along, which later cells find through it.</summary>
    public bool HasReferences { get; init; }

    /// <summary>False for a cell of directives and comments only: the compiler gives it no place among the objects.</summary>
    public bool HasCode => _roots.Any(root => root.Members.Count > 0);

    /// <summary>What it opens with <c>using</c>.</summary>
    public IReadOnlyList<string> Usings => _usings ??= [.. _roots.SelectMany(root => root.Usings).Select(directive => directive.NormalizeWhitespace().ToString())];

    /// <summary>What it declares for later cells: each name with its keys. A later declaration with the same key hides it from them.</summary>
    public ILookup<string, string> Declarations => _declarations ??= Members
        .SelectMany(member => Keys(member).Select(key => (member.Name, Key: key)))
        .ToLookup(declared => declared.Name, declared => declared.Key);

    /// <summary>The keys of all that it declares.</summary>
    public IReadOnlySet<string> Names => _names ??= Declarations.SelectMany(keys => keys).ToHashSet();

    /// <summary>All names in its text. What is known when it is compiled, such as a constant, leaves no other trace.</summary>
    public IReadOnlySet<string> Mentions => _mentions ??= _roots.SelectMany(root => root.DescendantNodes().OfType<SimpleNameSyntax>()).Select(name => name.Identifier.ValueText).ToHashSet();

    /// <summary>Names that it declares.</summary>
    public IEnumerable<string> Declares => Declarations.Select(declared => declared.Key);

    /// <summary>Names of its types.</summary>
    public IEnumerable<string> Types => Members.OfType<INamedTypeSymbol>().Select(type => type.Name);

    /// <summary>True when something that it declares is there once for all its runs, and keeps its value: static fields, its own or a type's.</summary>
    public bool HasStatics => Members.Any(HoldsStatics);

    /// <summary>True when a call on some other object may mean a method that it declares.</summary>
    public bool HasExtensionMethods => Members.Any(member => member is IMethodSymbol { IsExtensionMethod: true });

    private IEnumerable<ISymbol> Members =>
        Compilation.ScriptClass?.GetMembers().Where(member => member is { IsImplicitlyDeclared: false, CanBeReferencedByName: true }) ?? [];

    /// <summary>The same cell after others: what it finds in them must be what it found before.</summary>
    public Submission After(CSharpCompilation? previous) =>
        this with { Compilation = Compilation.WithScriptCompilationInfo(Compilation.ScriptCompilationInfo!.WithPreviousScriptCompilation(previous)) };

    /// <summary>Reads in a compiled cell to which assemblies it refers, and whether it has anonymous types of its own.</summary>
    public static (IReadOnlySet<string> Uses, bool HasAnonymousTypes) Read(Stream assembly)
    {
        using var file = new PEReader(assembly, PEStreamOptions.LeaveOpen | PEStreamOptions.PrefetchMetadata);
        var metadata = file.GetMetadataReader();
        return (
            metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet(),
            metadata.TypeDefinitions.Any(handle => metadata.StringComparer.StartsWith(metadata.GetTypeDefinition(handle).Name, "<>f__Anonymous")));
    }

    private static bool HoldsStatics(ISymbol member) => member switch
    {
        INamedTypeSymbol type => type.GetMembers().Any(HoldsStatics),
        IFieldSymbol field => field.IsStatic && !field.IsConst,
        IPropertySymbol or IEventSymbol => member.IsStatic,
        IMethodSymbol method => method.MethodKind == MethodKind.StaticConstructor,
        _ => false,
    };

    // Methods hide methods of the same parameters, types those of the same number of type parameters. All else hides its
    // name, but where something is called only what can be.
    private static IEnumerable<string> Keys(ISymbol member) => member switch
    {
        IMethodSymbol method => [$"{method.Name}`{method.Arity}({string.Join(',', method.Parameters.Select(parameter => $"{parameter.RefKind} {parameter.Type}"))})"],
        INamedTypeSymbol type => [$"type {type.MetadataName}"],
        IFieldSymbol { Type.TypeKind: TypeKind.Delegate or TypeKind.Dynamic } or IPropertySymbol { Type.TypeKind: TypeKind.Delegate or TypeKind.Dynamic } or IEventSymbol => [member.Name, $"{member.Name}()"],
        _ => [member.Name],
    };
}

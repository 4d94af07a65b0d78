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
    private readonly CompilationUnitSyntax _root = ((CSharpSyntaxTree)Compilation.SyntaxTrees[0]).GetCompilationUnitRoot();
    private IReadOnlySet<string>? _names;

    /// <summary>The assembly that was made of it; null where there is nothing to run.</summary>
    public Assembly? Assembly { get; init; }

    /// <summary>Its object, with the variables in its fields; null before it runs.</summary>
    public object? Instance { get; init; }

    /// <summary>Names of the assemblies that its own refers to.</summary>
    public IReadOnlySet<string> Uses { get; init; } = new HashSet<string>();

    /// <summary>True when it brings references along, which later cells find through it.</summary>
    public bool HasReferences { get; init; }

    /// <summary>False for a cell of directives and comments only: the compiler gives it no place among the objects.</summary>
    public bool HasCode => _root.Members.Count > 0;

    /// <summary>What it opens with <c>using</c>.</summary>
    public IEnumerable<string> Usings => _root.Usings.Select(directive => directive.NormalizeWhitespace().ToString());

    /// <summary>What it declares for later cells; a later declaration with the same key hides it from them.</summary>
    public IReadOnlySet<string> Names => _names ??= Members.Select(Key).ToHashSet();

    /// <summary>True when the value of a name may stand in the text of later cells and nowhere else.</summary>
    public bool HasConstants => Members.Any(member => member is IFieldSymbol { IsConst: true });

    private IEnumerable<ISymbol> Members =>
        Compilation.ScriptClass?.GetMembers().Where(member => member is { IsImplicitlyDeclared: false, CanBeReferencedByName: true }) ?? [];

    /// <summary>The same cell after others: what it finds in them must be what it found before.</summary>
    public Submission After(CSharpCompilation? previous) =>
        this with { Compilation = Compilation.WithScriptCompilationInfo(Compilation.ScriptCompilationInfo!.WithPreviousScriptCompilation(previous)) };

    /// <summary>The assemblies that a compiled one refers to.</summary>
    public static IReadOnlySet<string> ReferencesOf(Stream assembly)
    {
        using var file = new PEReader(assembly, PEStreamOptions.LeaveOpen | PEStreamOptions.PrefetchMetadata);
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet();
    }

    // Methods hide methods of the same parameters, types those of the same number of type parameters, and all else its name.
    private static string Key(ISymbol member) => member switch
    {
        IMethodSymbol method => $"{method.Name}`{method.Arity}({string.Join(',', method.Parameters.Select(parameter => $"{parameter.RefKind} {parameter.Type}"))})",
        INamedTypeSymbol type => type.MetadataName,
        _ => member.Name,
    };
}

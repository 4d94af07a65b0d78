using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Documents;

/// <summary>The C# of cells: that of scripts, where statements and declarations stand side by side.</summary>
internal static class CellSyntax
{
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    public static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();
}

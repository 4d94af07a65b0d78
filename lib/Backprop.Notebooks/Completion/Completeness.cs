using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Completion;

/// <summary>Whether code can be run as it is or whoever types it has not come to its end.</summary>
/// <param name="Status"><c>complete</c>, <c>incomplete</c>, or <c>invalid</c>, which no more typing makes valid.</param>
/// <param name="Indent">What the next line of incomplete code begins with.</param>
public sealed record Completeness(string Status, string Indent)
{
    /// <summary>Looks at a cell's text.</summary>
    public static Completeness Of(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(SessionWorkspace.CodeOf(code), new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script));
        if (!SyntaxFactory.IsCompleteSubmission(tree))
        {
            var depth = tree.GetRoot().DescendantTokens().Sum(token => token.IsMissing ? 0 : token.Kind() switch
            {
                SyntaxKind.OpenBraceToken => 1,
                SyntaxKind.CloseBraceToken => -1,
                _ => 0,
            });
            return new("incomplete", new string(' ', 4 * Math.Max(depth, 0)));
        }

        return new(tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete", "");
    }
}

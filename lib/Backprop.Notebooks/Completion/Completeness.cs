using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Completion;

/// <summary>Whether a cell can run as it is: a console asks at the end of each line whether to wait for more.</summary>
/// <param name="Status"><c>complete</c>, <c>incomplete</c> or <c>invalid</c>, as Jupyter's protocol calls them.</param>
/// <param name="Indent">The blanks with which the next line of an incomplete cell should begin.</param>
public sealed record Completeness(string Status, string Indent = "")
{
    // These are reported where something begins that further lines can bring to its end: a comment, a verbatim string,
    // the hole of an interpolated string, a raw string, a try block.
    private static readonly string[] s_unended = ["CS1035", "CS1039", "CS8076", "CS8997", "CS1524"];

    /// <summary>Judges the text of a cell, in which magic commands and <c>#r</c> lines are complete as they stand.</summary>
    public static Completeness Of(string cell)
    {
        var code = SessionWorkspace.CodeOf(cell);
        var tree = CellSyntax.Parse(code).SyntaxTree;
        var errors = tree.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count == 0)
        {
            return new("complete");
        }

        // What is merely missing is reported at the end; an error before that is there to stay.
        var tokens = tree.GetRoot().DescendantTokens(descendIntoTrivia: true).Where(token => token.Span.Length > 0).ToList();
        var end = tokens.Count == 0 ? 0 : tokens.Max(token => token.Span.End);
        return SyntaxFactory.IsCompleteSubmission(tree) || errors.Any(error => error.Location.SourceSpan.Start < end && !s_unended.Contains(error.Id))
            ? new("invalid")
            : new("incomplete", IndentAfter(code, tokens));
    }

    // That of the last line, and one step more if it opens a bracket.
    private static string IndentAfter(string code, List<SyntaxToken> tokens)
    {
        var text = code.TrimEnd();
        var start = text.LastIndexOf('\n') + 1;
        var line = text[start..];
        var indent = line[..^line.TrimStart().Length];
        var opened = 0;
        foreach (var token in tokens.Where(token => token.SpanStart >= start))
        {
            opened = token.Kind() switch
            {
                SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => opened + 1,
                SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => Math.Max(0, opened - 1),
                _ => opened,
            };
        }

        return opened > 0 ? indent + "    " : indent;
    }
}

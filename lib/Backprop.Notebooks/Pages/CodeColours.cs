using System.Net;
using System.Text;
using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Pages;

/// <summary>C# as HTML with its keywords, texts, numbers, comments and commands marked.</summary>
internal static class CodeColours
{
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CellSyntax.Parse(code).DescendantTokens())
        {
            Append(token.LeadingTrivia, html);
            Append(token.Text, ClassOf(token), html);
            Append(token.TrailingTrivia, html);
        }

        return html.ToString();
    }

    private static void Append(SyntaxTriviaList trivia, StringBuilder html)
    {
        foreach (var piece in trivia)
        {
            var kind = piece.Kind();
            Append(
                piece.ToFullString(),
                piece.IsDirective ? "magic"
                    : kind is SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia or SyntaxKind.SkippedTokensTrivia ? null
                    : "comment",
                html);
        }
    }

    private static void Append(string text, string? css, StringBuilder html)
    {
        var encoded = WebUtility.HtmlEncode(text);
        if (css is null || text.Length == 0)
        {
            html.Append(encoded);
            return;
        }

        html.Append("<span class=\"").Append(css).Append("\">").Append(encoded).Append("</span>");
    }

    private static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.Utf8StringLiteralToken => "text",
        _ when token.IsKeyword() || token.IsContextualKeyword() => "keyword",
        SyntaxKind.IdentifierToken when token.Text == "var" => "keyword",
        _ => null,
    };
}

using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Notebooks.Session;

/// <summary>A stretch of a cell that is dealt with as one: code, a magic command, a reference, or text in another language.</summary>
/// <param name="Kind">What it is: <c>code</c>, <c>#r</c>, <c>#i</c>, or a magic command's name such as <c>#!time</c>.</param>
/// <param name="Text">
/// Code, preceded by as many empty lines as bring it to its own line numbers; for <c>#r</c>, <c>#i</c> and a magic command what
/// follows on its line; for a language's magic command the text below it.
/// </param>
/// <param name="Line">The line where it starts, counted from 1.</param>
internal sealed record CellPart(string Kind, string Text, int Line)
{
    // After these the rest of the cell is text, not C#.
    private static readonly string[] s_languages = ["#!markdown", "#!html", "#!javascript", "#!js"];

    public static IReadOnlyList<CellPart> Split(string source)
    {
        var root = CellSyntax.Parse(source);
        var lines = SourceText.From(source).Lines;
        var parts = new List<CellPart>();
        var start = 0;
        var language = "code";

        void Flush(int end)
        {
            var text = string.Join('\n', lines.Skip(start).Take(end - start).Select(line => line.ToString()));
            if (language != "code")
            {
                parts.Add(new(language, text, start + 1));
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                parts.Add(new("code", new string('\n', start) + text, start + 1));
            }

            start = end + 1;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].ToString().Trim();
            var isMagic = line.StartsWith("#!", StringComparison.Ordinal);
            if (!isMagic && !(language == "code" && (IsReference(line) || IsSource(line))))
            {
                continue;
            }

            if (language == "code" && IsInsideText(root, lines[i]))
            {
                continue;
            }

            Flush(i);
            var (name, argument) = line.IndexOfAny([' ', '\t']) is > 0 and var gap ? (line[..gap], line[gap..].Trim()) : (line, "");
            if (s_languages.Contains(name))
            {
                language = name;
                continue;
            }

            language = "code";
            parts.Add(isMagic ? new(name, argument, i + 1) : new(line[..2], line[2..].Trim(), i + 1));
        }

        Flush(lines.Count);
        return parts;
    }

    // A file or a package; anything else (#r "System.Xml") is a name that the compiler itself knows how to find.
    private static bool IsReference(string line) =>
        line.StartsWith("#r", StringComparison.Ordinal)
        && line[2..].TrimStart() is ['"', .. var argument]
        && (argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)
            || argument.Contains(".dll", StringComparison.OrdinalIgnoreCase)
            || argument.AsSpan().ContainsAny('/', '\\'));

    // A place to look for packages: a folder or an address.
    private static bool IsSource(string line) =>
        line.StartsWith("#i", StringComparison.Ordinal) && line[2..].TrimStart().StartsWith("\"nuget:", StringComparison.OrdinalIgnoreCase);

    // A line inside a raw string or a comment may look like a command and is none.
    private static bool IsInsideText(SyntaxNode root, TextLine line)
    {
        var token = root.FindToken(line.Start, findInsideTrivia: false);
        if (token.Span.Contains(line.Start) && token.SpanStart < line.Start)
        {
            return true;
        }

        var trivia = root.FindTrivia(line.Start);
        return trivia.SpanStart < line.Start && trivia.Kind() is SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;
    }
}

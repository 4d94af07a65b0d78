using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>The page that one opens first: what there is, a line and a picture for each notebook, and how the run went.</summary>
internal static partial class IndexPage
{
    private const int WordsAMinute = 150;
    private const int LinesOfCodeAMinute = 6;

    /// <param name="notebooks">What came of each notebook, and the notebook with its outputs; null where it could not be read.</param>
    /// <param name="about">Markdown whose first heading and first paragraph say what the notebooks are, or null.</param>
    public static string Write(IReadOnlyList<(IndexRow Row, Notebook? Notebook)> notebooks, string? about)
    {
        var (title, what) = Beginning(about ?? "");
        title = title.Length > 0 ? title : "Notebooks";
        var body = new StringBuilder("<main>\n<h1>").Append(NotebookPage.Encode(title)).Append("</h1>\n").Append(MarkdownText.ToHtml(what)).Append("<ol class=\"contents\">\n");
        foreach (var (row, notebook) in notebooks)
        {
            if (notebook is not null)
            {
                Contents(row, notebook, body);
            }
        }

        body.Append("</ol>\n<h2>The run</h2>\n<table class=\"index\">\n<thead><tr><th>Notebook</th><th>Cells</th><th>Seconds</th><th>Result</th></tr></thead>\n<tbody>\n");
        foreach (var (row, _) in notebooks)
        {
            body.Append("<tr><td>").Append(Link(row))
                .Append("</td><td>").Append(NotebookPage.Encode(row.Cells))
                .Append("</td><td>").Append(row.Seconds?.ToString("0.0", CultureInfo.InvariantCulture))
                .Append(row.IsGood ? "</td><td>" : "</td><td class=\"bad\">").Append(NotebookPage.Encode(row.Result)).Append("</td></tr>\n");
        }

        return NotebookPage.Html(title, "", body.Append("</tbody>\n</table>\n</main>\n").ToString());
    }

    private static void Contents(IndexRow row, Notebook notebook, StringBuilder body)
    {
        body.Append("<li><div class=\"picture\">");
        if (Picture(notebook) is { } picture)
        {
            body.Append($"<img alt=\"\" src=\"{NotebookPage.Encode(picture)}\">");
        }

        body.Append("</div><div><h2>").Append(Link(row)).Append("</h2>\n")
            .Append(MarkdownText.ToHtml(Beginning(FirstText(notebook)).Paragraph))
            .Append($"<p class=\"time\">about {Minutes(notebook)} minutes to read and run</p></div></li>\n");
    }

    private static string Link(IndexRow row) => row.Page is { } page
        ? $"<a href=\"{NotebookPage.Encode(Uri.EscapeDataString(page))}\">{NotebookPage.Encode(row.Title)}</a>"
        : NotebookPage.Encode(row.Title);

    private static string FirstText(Notebook notebook) => notebook.Cells.FirstOrDefault(cell => cell.Kind == CellKind.Markdown)?.Source ?? "";

    /// <summary>The first heading, and the first paragraph of text after it without its links, which lead to notebooks and not to pages.</summary>
    private static (string Title, string Paragraph) Beginning(string markdown)
    {
        var blocks = Blocks().Split(markdown.ReplaceLineEndings("\n").Trim());
        var heading = blocks.FirstOrDefault(block => block.StartsWith('#'))?.Split('\n')[0].TrimStart('#').Trim() ?? "";
        var paragraph = blocks.FirstOrDefault(block => block.Length > 0 && (char.IsLetterOrDigit(block[0]) || "*_`[$".Contains(block[0]))) ?? "";
        return (heading, Links().Replace(paragraph, "$1"));
    }

    /// <summary>Of the pictures that cells show the one that is nearest to a square, the last of equal ones, as an address that holds all of it.</summary>
    private static string? Picture(Notebook notebook)
    {
        var pictures = notebook.CodeCells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
            .SelectMany(display => display.Data).Where(entry => entry.Key.StartsWith("image/", StringComparison.Ordinal)).Reverse();
        return pictures.DefaultIfEmpty().MinBy(entry => Oblongness(entry.Value ?? "")) switch
        {
            { Key: null } => null,
            { Key: "image/svg+xml" } svg => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.Value)),
            var image => $"data:{image.Key};base64,{image.Value.ReplaceLineEndings("")}",
        };
    }

    /// <summary>How far from a square an SVG is, to a tenth; other pictures count as squares.</summary>
    private static double Oblongness(string picture) =>
        Size().Match(picture) is { Success: true } size
        && double.TryParse(size.Groups[1].Value, CultureInfo.InvariantCulture, out var width) && double.TryParse(size.Groups[2].Value, CultureInfo.InvariantCulture, out var height)
            ? Math.Round(Math.Abs(Math.Log(width / height)), 1)
            : 0;

    /// <summary>How long one needs for a notebook, to five minutes: its words and its lines of code, at the speed of a reader who is learning.</summary>
    private static int Minutes(Notebook notebook)
    {
        var words = notebook.Cells.Where(cell => cell.Kind == CellKind.Markdown).Sum(cell => Words().Count(cell.Source));
        var lines = notebook.CodeCells.Sum(cell => cell.Source.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line)));
        return 5 * (int)Math.Max(1, Math.Round(((double)words / WordsAMinute + (double)lines / LinesOfCodeAMinute) / 5));
    }

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex Blocks();

    [GeneratedRegex(@"!?\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^\s*<svg[^>]*\swidth=""([\d.]+)[^>]*\sheight=""([\d.]+)")]
    private static partial Regex Size();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}

/// <summary>A notebook in the index.</summary>
/// <param name="Title">Its first heading.</param>
/// <param name="Page">Its page's file name, or null when it was not run.</param>
/// <param name="Cells">How many cells were run, of how many.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Result">What came of it.</param>
/// <param name="IsGood">Whether that is what was hoped for.</param>
internal sealed record IndexRow(string Title, string? Page, string Cells, double? Seconds, string Result, bool IsGood);

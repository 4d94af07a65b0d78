using System.Globalization;
using System.Text;

namespace Backprop.Notebooks.Pages;

/// <summary>The page that lists all others.</summary>
internal static class IndexPage
{
    public static string Write(IEnumerable<IndexRow> rows)
    {
        var body = new StringBuilder("<main>\n<h1>Notebooks</h1>\n<table class=\"index\">\n<thead><tr><th>Notebook</th><th>Cells</th><th>Seconds</th><th>Result</th></tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            body.Append("<tr><td>")
                .Append(row.Page is { } page ? $"<a href=\"{NotebookPage.Encode(Uri.EscapeDataString(page))}\">{NotebookPage.Encode(row.Title)}</a>" : NotebookPage.Encode(row.Title))
                .Append("</td><td>").Append(NotebookPage.Encode(row.Cells))
                .Append("</td><td>").Append(row.Seconds?.ToString("0.0", CultureInfo.InvariantCulture))
                .Append(row.IsGood ? "</td><td>" : "</td><td class=\"bad\">").Append(NotebookPage.Encode(row.Result)).Append("</td></tr>\n");
        }

        return NotebookPage.Html("Notebooks", "", body.Append("</tbody>\n</table>\n</main>\n").ToString());
    }
}

/// <summary>A notebook in the index.</summary>
/// <param name="Title">Its first heading.</param>
/// <param name="Page">Its page's file name, or null when it was not run.</param>
/// <param name="Cells">How many cells were run, of how many.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Result">What came of it.</param>
/// <param name="IsGood">Whether that is what was hoped for.</param>
internal sealed record IndexRow(string Title, string? Page, string Cells, double? Seconds, string Result, bool IsGood);

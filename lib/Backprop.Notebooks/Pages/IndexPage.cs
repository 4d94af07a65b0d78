using System.Globalization;
using System.Text;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>The page that one opens first: what there is, and how the run went.</summary>
internal static class IndexPage
{
    /// <param name="notebooks">What came of each notebook, and the notebook with its outputs; null where it could not be read.</param>
    /// <param name="about">Markdown whose first heading and first paragraph say what the notebooks are, or null.</param>
    public static string Write(IReadOnlyList<(IndexRow Row, Notebook? Notebook)> notebooks, string? about)
    {
        var (title, contents) = Contents.Write(about, notebooks.Where(entry => entry.Notebook is not null).Select(entry => Contents.Item(entry.Notebook!, Address(entry.Row))));
        var body = new StringBuilder("<main>\n").Append(contents)
            .Append("<h2>The run</h2>\n<table class=\"index\">\n<thead><tr><th>Notebook</th><th>Cells</th><th>Seconds</th><th>Result</th></tr></thead>\n<tbody>\n");
        foreach (var (row, _) in notebooks)
        {
            body.Append("<tr><td>").Append(Contents.Link(row.Title, Address(row)))
                .Append("</td><td>").Append(NotebookPage.Encode(row.Cells))
                .Append("</td><td>").Append(row.Seconds?.ToString("0.0", CultureInfo.InvariantCulture))
                .Append(row.IsGood ? "</td><td>" : "</td><td class=\"bad\">").Append(NotebookPage.Encode(row.Result)).Append("</td></tr>\n");
        }

        return NotebookPage.Html(title, "", body.Append("</tbody>\n</table>\n</main>\n").ToString());
    }

    private static string? Address(IndexRow row) => row.Page is { } page ? Uri.EscapeDataString(page) : null;
}

/// <summary>A notebook in the index.</summary>
/// <param name="Title">Its first heading.</param>
/// <param name="Page">Its page's file name, or null when it was not run.</param>
/// <param name="Cells">How many cells were run, of how many.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Result">What came of it.</param>
/// <param name="IsGood">Whether that is what was hoped for.</param>
internal sealed record IndexRow(string Title, string? Page, string Cells, double? Seconds, string Result, bool IsGood);

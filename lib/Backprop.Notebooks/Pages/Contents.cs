using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>What there is: a picture, a paragraph and a time for each notebook, under what is said of all of them.</summary>
internal static partial class Contents
{
    private const int WordsAMinute = 150;
    private const int LinesOfCodeAMinute = 6;

    /// <summary>The README beside a notebook or above its folder, which says what the notebooks are; null without one.</summary>
    /// <param name="notebook">The notebook's path.</param>
    public static string? About(string notebook)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(notebook))!;
        var readMe = new[] { folder, Path.GetDirectoryName(folder) ?? folder }.Select(place => Path.Combine(place, "README.md")).FirstOrDefault(File.Exists);
        return readMe is null ? null : File.ReadAllText(readMe);
    }

    /// <summary>The list as HTML, and its heading.</summary>
    /// <param name="about">Markdown whose first heading and first paragraph say what the notebooks are, or null.</param>
    /// <param name="items">The items.</param>
    public static (string Title, string Html) Write(string? about, IEnumerable<string> items)
    {
        var (title, what) = Beginning(about ?? "");
        title = title.Length > 0 ? title : "Notebooks";
        return (title, $"<h1>{NotebookPage.Encode(title)}</h1>\n{MarkdownText.ToHtml(what)}<ol class=\"contents\">\n{string.Concat(items)}</ol>\n");
    }

    /// <summary>A notebook in the list.</summary>
    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="address">Where its page is, or null.</param>
    public static string Item(Notebook notebook, string? address) => Item(
        Picture(notebook) is { } picture ? $"<img alt=\"\" src=\"{NotebookPage.Encode(picture)}\">" : "",
        Link(notebook.Title, address),
        $"{MarkdownText.ToHtml(Beginning(FirstText(notebook)).Paragraph)}<p class=\"time\">about {Minutes(notebook)} minutes to read and run</p>");

    /// <summary>A notebook that cannot be read.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static string Item(string name, string problem) =>
        Item("", NotebookPage.Encode(name), $"<p class=\"bad\">{NotebookPage.Encode(problem)}</p>");

    /// <summary>A title that leads to a page, where there is one.</summary>
    public static string Link(string title, string? address) =>
        address is null ? NotebookPage.Encode(title) : $"<a href=\"{NotebookPage.Encode(address)}\">{NotebookPage.Encode(title)}</a>";

    private static string Item(string picture, string heading, string text) =>
        $"<li><div class=\"picture\">{picture}</div><div><h2>{heading}</h2>\n{text}</div></li>\n";

    private static string FirstText(Notebook notebook) => notebook.Cells.FirstOrDefault(cell => cell.Kind == CellKind.Markdown)?.Source ?? "";

    // The first heading, and the first paragraph of text after it without its links, which lead to notebooks and not to pages.
    private static (string Title, string Paragraph) Beginning(string markdown)
    {
        var blocks = Blocks().Split(markdown.ReplaceLineEndings("\n").Trim());
        var heading = blocks.FirstOrDefault(block => block.StartsWith('#'))?.Split('\n')[0].TrimStart('#').Trim() ?? "";
        var paragraph = blocks.FirstOrDefault(block => block.Length > 0 && (char.IsLetterOrDigit(block[0]) || "*_`[$".Contains(block[0]))) ?? "";
        return (heading, Links().Replace(paragraph, "$1"));
    }

    // Of the pictures that cells show the one that is nearest to a square, the last of equal ones, as an address that holds all of it.
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

    // How far from a square an SVG is, to a tenth; other pictures count as squares.
    private static double Oblongness(string picture) =>
        Size().Match(picture) is { Success: true } size
        && double.TryParse(size.Groups[1].Value, CultureInfo.InvariantCulture, out var width) && double.TryParse(size.Groups[2].Value, CultureInfo.InvariantCulture, out var height)
            ? Math.Round(Math.Abs(Math.Log(width / height)), 1)
            : 0;

    // How long one needs for a notebook, to five minutes: its words and its lines of code, at the speed of a reader who is learning.
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

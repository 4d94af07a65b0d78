using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>One notebook as one HTML file that needs nothing beside it and no network.</summary>
internal static partial class NotebookPage
{
    /// <summary>What is folded on a screen is there on paper.</summary>
    private const string UnfoldOnPaper =
        """
        <script>
        addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(details => { details.open = true; details.dataset.folded = ""; }));
        addEventListener("afterprint", () => document.querySelectorAll("details[data-folded]").forEach(details => { details.open = false; delete details.dataset.folded; }));
        </script>

        """;

    /// <param name="notebook">The executed notebook.</param>
    /// <param name="previous">The page before this one, if any.</param>
    /// <param name="next">The page after this one, if any.</param>
    public static string Write(Notebook notebook, PageLink? previous, PageLink? next)
    {
        var body = new StringBuilder();
        var scripts = new OfflineScripts();
        body.Append("<header><a href=\"index.html\">All notebooks</a>");
        Link(previous, "previous", "← ", "", body);
        Link(next, "next", "", " →", body);
        body.Append("</header>\n<main>\n");
        foreach (var cell in notebook.Cells)
        {
            switch (cell.Kind)
            {
                case CellKind.Markdown:
                    body.Append("<div class=\"markdown\">\n").Append(MarkdownText.ToHtml(cell.Source)).Append("</div>\n");
                    break;
                case CellKind.Code when cell.Source.Length > 0:
                    Code(cell, scripts, body);
                    break;
            }
        }

        body.Append("</main>\n");
        return Html(notebook.Title, UnfoldOnPaper, body.ToString());
    }

    /// <summary>A whole page around a body.</summary>
    public static string Html(string title, string head, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(title)}</title>
        <style>
        {PageStyle.Css}</style>
        {head}</head>
        <body>
        {body}</body>
        </html>

        """.ReplaceLineEndings("\n");

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static void Link(PageLink? link, string css, string before, string after, StringBuilder body)
    {
        if (link is not null)
        {
            body.Append($"<a class=\"{css}\" href=\"{Encode(Uri.EscapeDataString(link.File))}\">{before}{Encode(link.Title)}{after}</a>");
        }
    }

    private static void Code(NotebookCell cell, OfflineScripts scripts, StringBuilder body)
    {
        body.Append("<div class=\"cell\">");
        if (cell.ExecutionCount is { } count)
        {
            body.Append($"<span class=\"count\">[{count}]</span>");
        }

        body.Append("<pre><code>").Append(CodeColours.ToHtml(cell.Source)).Append("</code></pre></div>\n");
        foreach (var output in cell.Outputs)
        {
            body.Append(scripts.Before(output));
            Output(output, body);
        }
    }

    /// <summary>Writes one thing that a cell shows.</summary>
    public static void Output(CellOutput output, StringBuilder body)
    {
        switch (output)
        {
            case StreamOutput stream:
                Text(stream.Text, stream.Name == "stderr" ? "output stderr" : "output", body);
                break;
            case ErrorOutput error:
                Text(string.Join('\n', error.Traceback.DefaultIfEmpty($"{error.Name}: {error.Message}")), "output error", body);
                break;
            case DisplayOutput { Data: var data }:
                if (data.TryGetValue("text/html", out var html))
                {
                    body.Append("<div class=\"output\">").Append(html).Append("</div>\n");
                }
                else if (data.TryGetValue("image/svg+xml", out var svg))
                {
                    body.Append("<div class=\"output\">").Append(svg).Append("</div>\n");
                }
                else if (data.Keys.FirstOrDefault(mime => mime is "image/png" or "image/jpeg" or "image/gif") is { } image)
                {
                    body.Append($"<div class=\"output\"><img alt=\"\" src=\"data:{image};base64,{Encode(data[image].Trim())}\"></div>\n");
                }
                else if (data.TryGetValue("text/markdown", out var markdown))
                {
                    body.Append("<div class=\"output markdown\">").Append(MarkdownText.ToHtml(markdown)).Append("</div>\n");
                }
                else if (data.TryGetValue("text/latex", out var latex))
                {
                    body.Append("<div class=\"output markdown\">").Append(MarkdownText.ToHtml(latex)).Append("</div>\n");
                }
                else if (data.Count > 0)
                {
                    Text(data.TryGetValue("text/plain", out var plain) ? plain : data.First().Value, "output", body);
                }

                break;
        }
    }

    private static void Text(string text, string css, StringBuilder body)
    {
        var plain = Plain(text).TrimEnd();
        var tall = plain.Count(c => c == '\n') > 40 ? " class=\"long\"" : "";
        body.Append($"<div class=\"{css}\"><pre{tall}>").Append(Encode(plain)).Append("</pre></div>\n");
    }

    /// <summary>Text without a terminal's colours, which mean nothing on a page.</summary>
    public static string Plain(string text) => Escapes().Replace(text, "");

    [GeneratedRegex(@"\x1b\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Escapes();
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;

namespace Backprop.Notebooks.Live;

/// <summary>A notebook as a live page: the exported page, with what the script needs to bring it to life.</summary>
internal static partial class LivePage
{
    /// <summary>Stands in outputs for the address of the page that shows them, which knows it.</summary>
    public const string Here = "@page@";

    public static string Write(Notebook notebook, IReadOnlyList<LiveCell> cells, long version, string ticket, PageLink? previous, PageLink? next, string assets)
    {
        var body = new StringBuilder();
        body.Append("""
            <header class="live-header">
            <nav><a href="/">All notebooks</a>
            """);
        Link(previous, "previous", "← ", "");
        Link(next, "next", "", " →");
        body.Append($"""
            </nav>
            <div class="toolbar" role="toolbar" aria-label="Notebook">
            <button data-do="run-all" title="Run all cells from top to bottom">Run all</button>
            <button data-do="run-stale" title="Run the cells whose outputs are out of date" hidden>Run what is out of date</button>
            <button data-do="stop" title="Stop the cell that is running (Escape, Escape)" disabled>Stop</button>
            <button data-do="restart" title="Start a new session: all variables are forgotten">Restart</button>
            <button data-do="save" title="Save into the notebook's file (Ctrl+S)">Save</button>
            <button data-do="start-over" title="Bring the whole notebook back to what is in the repository">Start over</button>
            <button class="settings-button" aria-expanded="false" hidden>Settings</button>
            <span class="session" role="status"></span>
            </div>
            </header>
            <main data-ticket="{ticket}">

            """);
        var live = cells.GetEnumerator();
        foreach (var cell in notebook.Cells)
        {
            switch (cell.Kind)
            {
                case CellKind.Markdown:
                    body.Append("<div class=\"markdown\">\n").Append(MarkdownText.ToHtml(cell.Source)).Append("</div>\n");
                    break;
                case CellKind.Code when live.MoveNext():
                    Code(live.Current, body);
                    break;
            }
        }

        body.Append("</main>\n<div class=\"heard\" role=\"status\" aria-live=\"polite\"></div>\n");
        return Html(notebook.Title, assets, body.ToString());

        void Link(PageLink? link, string css, string before, string after)
        {
            if (link is not null)
            {
                body.Append($"<a class=\"{css}\" href=\"/{NotebookPage.Encode(Uri.EscapeDataString(link.File))}\">{before}{NotebookPage.Encode(link.Title)}{after}</a>");
            }
        }
    }

    /// <summary>The page that lists the notebooks.</summary>
    /// <param name="about">Markdown whose first heading and first paragraph say what they are, or null.</param>
    /// <param name="items">The notebooks as items of <see cref="Contents"/>.</param>
    public static string Index(string? about, IEnumerable<string> items)
    {
        var (title, contents) = Contents.Write(about, items);
        return NotebookPage.Html(title, "", $"<main>\n{contents}</main>\n");
    }

    /// <summary>A page that says one thing.</summary>
    public static string Sentence(string text) =>
        NotebookPage.Html("Notebooks", "", $"<main><p>{NotebookPage.Encode(text)}</p></main>\n");

    /// <summary>A cell's state, and its outputs where they are wanted.</summary>
    public static JsonObject Describe(LiveCell cell, bool withOutputs)
    {
        var json = new JsonObject
        {
            ["cell"] = cell.Id,
            ["activity"] = cell.Activity.ToString().ToLowerInvariant(),
            ["stale"] = cell.IsStale,
            ["count"] = cell.Count,
            ["seconds"] = cell.Elapsed?.TotalSeconds,
            ["changed"] = cell.IsChanged,
            ["failed"] = cell.Failure is not null,
            ["line"] = cell.Failure?.Line,
            ["message"] = cell.Failure?.Message,
            ["version"] = cell.Version.ToString(CultureInfo.InvariantCulture),
        };
        if (withOutputs)
        {
            json["source"] = cell.Source;
            json["html"] = CodeColours.ToHtml(cell.Source);
            json["shown"] = new JsonArray([.. cell.Shown.Select(output => (JsonNode)Output(output))]);
        }

        return json;
    }

    public static JsonObject Describe(Setting setting, IReadOnlyList<string> choices) => new()
    {
        ["name"] = setting.Name,
        ["kind"] = setting.Kind,
        ["value"] = setting.Shown,
        ["label"] = setting.Label,
        ["min"] = setting.Min,
        ["max"] = setting.Max,
        ["log"] = setting.IsLogarithmic,
        ["choices"] = new JsonArray([.. (choices.Count > 0 || setting.Type is null ? choices : [setting.Shown]).Select(choice => (JsonNode)choice)]),
    };

    /// <summary>One output as HTML. What it would fetch as a script from elsewhere it asks this server for.</summary>
    public static string Output(CellOutput output)
    {
        var html = new StringBuilder();
        NotebookPage.Output(output, html);
        return html.Length == 0 ? "<div class=\"output\"></div>" : Addresses().Replace(html.ToString(), address => $"\"{Here}/script?address={Uri.EscapeDataString(address.Groups[1].Value)}\"");
    }

    /// <summary>Text as HTML to which more can be added.</summary>
    public static string Stream(StreamOutput stream) =>
        $"<div class=\"output{(stream.Name == "stderr" ? " stderr" : "")}\"><pre>{NotebookPage.Encode(NotebookPage.Plain(stream.Text))}</pre></div>";

    private static void Code(LiveCell cell, StringBuilder body)
    {
        var role = cell.IsParameters ? " parameters" : cell.IsExercise ? " exercise" : cell.IsCheck ? " check" : "";
        var count = cell.Count is { } number ? $"[{number}]" : "";
        body.Append($"""
            <section class="live{role}{(cell.IsStale ? " stale" : "")}{(cell.Activity == CellActivity.Running ? " running" : "")}{(cell.IsChanged ? " changed" : "")}" data-cell="{NotebookPage.Encode(cell.Id)}" data-version="{cell.Version}" aria-label="Code cell {cell.Number}">
            <div class="cell"><span class="count">{count}</span><pre class="code" tabindex="0" role="button" aria-label="Edit the code of cell {cell.Number}"><code>{CodeColours.ToHtml(cell.Source)}</code></pre>
            <div class="cell-bar"><button class="run" data-do="run" title="Run this cell (Shift+Enter)" aria-label="Run cell {cell.Number}">▶</button><button data-do="run-below" title="Run this cell and all below" aria-label="Run cell {cell.Number} and all below">▶▶</button><button class="undo" data-do="start-over" title="Bring this cell back to what is in the repository" aria-label="Start over with cell {cell.Number}"{(cell.IsChanged ? "" : " hidden")}>↺</button></div></div>
            <div class="outputs" role="group" aria-label="Output of cell {cell.Number}">

            """);
        foreach (var output in cell.Shown)
        {
            body.Append(output is StreamOutput stream ? Stream(stream) : Output(output)).Append('\n');
        }

        body.Append("</div></section>\n");
    }

    private static string Html(string title, string assets, string body) => NotebookPage.Html(
        title,
        $"<link rel=\"stylesheet\" href=\"{assets}/live.css\">\n<script type=\"module\" src=\"{assets}/live.js\"></script>\n",
        body);

    [GeneratedRegex("\"(https://[^\"\\s<>\\\\]+?\\.js)\"")]
    private static partial Regex Addresses();
}

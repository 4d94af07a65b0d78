using System.Text.Json;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>A chart among the outputs of a notebook, as the JSON that plotly.js is given.</summary>
internal sealed partial class Figure
{
    private readonly JsonElement json;

    private Figure(JsonElement json) => this.json = json;

    public string Title => Layout.TryGetProperty("title", out var title) ? title.GetProperty("text").GetString()! : "";

    public JsonElement Layout => json.GetProperty("layout");

    public IEnumerable<JsonElement> Traces => json.GetProperty("data").EnumerateArray();

    public static IReadOnlyList<Figure> All(Notebook executed) =>
    [
        .. executed.CodeCells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
            .Select(output => Script().Match(output.Data.GetValueOrDefault("text/html", "")))
            .Where(match => match.Success)
            .Select(match => new Figure(JsonDocument.Parse(match.Groups[1].Value).RootElement))
            .Where(figure => figure.json.TryGetProperty("data", out _)),
    ];

    /// <summary>Of a computation graph: by its name, the lines of text beside each node, without their colours.</summary>
    public Dictionary<string, string[]> Nodes() => Traces
        .Where(trace => trace.GetProperty("mode").GetString() == "markers+text")
        .SelectMany(trace => trace.GetProperty("text").EnumerateArray())
        .Select(text => text.GetString()!.Split("<br>").Select(line => string.Join(' ', Tag().Replace(line, "").Split('\u00a0', StringSplitOptions.RemoveEmptyEntries))).ToArray())
        .ToDictionary(lines => lines[0], lines => lines[1..]);

    [GeneratedRegex(@"<script type=""application/json"">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plotly.NET;

namespace Backprop.Plots;

/// <summary>The HTML of a chart: its data, a line for readers without scripts, and the script that draws it.</summary>
/// <remarks>
/// The same chart gives the same HTML every time: its place on the page is marked with a hash of its content, not with a
/// random number, and the script draws every place with that hash that is not drawn yet. What the script takes care of
/// (plotly.js that arrives late or never, module loaders, themes) is told in <c>chart.js</c>.
/// </remarks>
public static class ChartHtml
{
    private static readonly string s_script = ReadScript("chart.js");
    private static readonly string s_buttons = ReadScript("buttons.js");
    private static readonly string s_fitting = ReadScript("fitting.js");
    private static readonly string s_lookable = $"({ReadScript("lookable.js")})({ReadScript("look.js")})";

    /// <summary>Makes the HTML of a chart. It can stand in any page, once or more often, alone or among others.</summary>
    /// <param name="chart">Any chart of Plotly.NET.</param>
    /// <returns>A <c>div</c> with the chart's data, and the script that draws it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="chart"/> is null.</exception>
    public static string Of(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var json = GenericChart.toJson(chart);
        // Points that carry scores can be looked at, one by one.
        return Of(json, "chart", json.Contains("\"meta\":\"scores\"", StringComparison.Ordinal) ? s_lookable : null);
    }

    /// <summary>The HTML of a figure as JSON that has the data, layout and config of plotly.js, or is unpacked to these.</summary>
    /// <param name="json">The figure.</param>
    /// <param name="kind">What it is, for readers without scripts.</param>
    /// <param name="unpack">A function in JavaScript that makes data, layout, config and frames out of the figure, where it carries something else.</param>
    internal static string Of(string json, string kind, string? unpack = null)
    {
        // Within a script element only "<" could end it, and only strings of JSON can contain one.
        var figure = json.Replace("<", "\\u003c");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figure)))[..16];
        var title = WebUtility.HtmlEncode(Title(figure) ?? "Chart");
        var dark = JsonSerializer.Serialize(ClassStyle.OnDarkPages.Where(pair => figure.Contains(pair.Key, StringComparison.Ordinal)).ToDictionary());
        var argument = unpack is null ? "" : ",\n" + unpack;
        return $"""
            <div data-backprop-chart="{hash}" role="figure" aria-label="{title}"><p>{title}: interactive {kind}, open the notebook to see it.</p><script type="application/json">{figure}</script></div>
            <script>
            {s_script}("{hash}", "{PlotlyJs.Address}", "{PlotlyJs.Integrity}", {s_buttons}, ({s_fitting})({dark}){argument});
            </script>
            """.ReplaceLineEndings("\n");
    }

    /// <summary>A chart in one line of text: its title and how many traces it has.</summary>
    /// <param name="chart">Any chart of Plotly.NET.</param>
    /// <returns>Such as <c>Loss (chart, 1 trace)</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="chart"/> is null.</exception>
    public static string Summary(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var traces = GenericChart.countTrace(chart);
        return $"{Title(GenericChart.toJson(chart)) ?? "Untitled"} (chart, {traces} {(traces == 1 ? "trace" : "traces")})";
    }

    /// <summary>The layout's title, which may be a text or an object with a text.</summary>
    private static string? Title(string figure)
    {
        using var json = JsonDocument.Parse(figure);
        if (!json.RootElement.GetProperty("layout").TryGetProperty("title", out var title)
            || (title.ValueKind == JsonValueKind.Object && !title.TryGetProperty("text", out title)))
        {
            return null;
        }

        return title.ValueKind == JsonValueKind.String ? title.GetString() : null;
    }

    /// <summary>A script of this library without what is there for its readers only: comments and indentation.</summary>
    internal static string ReadScript(string name)
    {
        using var stream = typeof(ChartHtml).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//"));
        return string.Join('\n', lines);
    }
}

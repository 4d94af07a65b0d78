using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Backprop.Plots;

/// <summary>
/// A chart as a small SVG picture, for viewers that run no script: its points, lines and regions, with axes, on whatever the
/// background is. It knows of plotly.js what the charts of this library use.
/// </summary>
internal static partial class ChartPicture
{
    private const string Ink = "rgb(128, 128, 128)";
    private const int Left = 44;
    private const int Bottom = 34;
    private const int Right = 12;

    /// <summary>The picture of a figure of plotly.js, as JSON. Of one that has what is not known here, it is the title alone.</summary>
    public static string Of(string json)
    {
        using var figure = JsonDocument.Parse(json);
        var layout = figure.RootElement.GetProperty("layout");
        try
        {
            return Of(figure.RootElement, layout);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            return Begun(layout, 640, 52).Append("</svg>").ToString();
        }
    }

    private static StringBuilder Begun(JsonElement layout, double width, double height) => new StringBuilder()
        .Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"{Ink}\">"))
        .Append(Invariant($"<text x=\"{Left}\" y=\"26\" font-size=\"16\">{Text(Title(layout))}</text>"));

    private static string Of(JsonElement figure, JsonElement layout)
    {
        var width = Number(layout, "meta", "maxWidth") ?? 640;
        var height = Number(layout, "height") ?? 480;
        var (top, bottom) = (Number(layout, "margin", "t") ?? 52, Math.Min(Number(layout, "margin", "b") ?? 56, 56));
        var inner = (Left: (double)Left, Top: top, Width: width - Left - Right, Height: height - top - bottom);
        var svg = Begun(layout, width, height);
        foreach (var panel in figure.GetProperty("data").EnumerateArray().GroupBy(trace => (X: Name(trace, "xaxis", "x"), Y: Name(trace, "yaxis", "y"))))
        {
            Plot(new Panel(layout, panel.Key.X, panel.Key.Y, [.. panel], inner), svg);
        }

        foreach (var annotation in layout.TryGetProperty("annotations", out var all) ? all.EnumerateArray().ToArray() : [])
        {
            var (x, y) = (inner.Left + inner.Width * Number(annotation, "x") ?? 0, inner.Top + inner.Height * (1 - (Number(annotation, "y") ?? 0)));
            var lines = (String(annotation, "text") ?? "").Split("<br>");
            for (var i = 0; i < lines.Length; i++)
            {
                svg.Append(Invariant($"<text x=\"{x:0}\" y=\"{y - 6 - 15 * (lines.Length - 1 - i):0}\">{Text(lines[i])}</text>"));
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Plot(Panel panel, StringBuilder svg)
    {
        var (left, top, right, bottom) = panel.Frame;
        var isHidden = panel.X.IsHidden;
        svg.Append(Invariant($"<svg x=\"{left:0}\" y=\"{top:0}\" width=\"{right - left:0}\" height=\"{bottom - top:0}\" viewBox=\"{left:0} {top:0} {right - left:0} {bottom - top:0}\" overflow=\"{(isHidden ? "visible" : "hidden")}\">"));
        foreach (var trace in panel.Traces)
        {
            Trace(trace, panel, svg);
        }

        svg.Append("</svg>");
        if (isHidden)
        {
            return;
        }

        svg.Append(Invariant($"<path d=\"M{left:0} {top:0}V{bottom:0}H{right:0}\" fill=\"none\" stroke=\"{Ink}\"/>"));
        foreach (var (at, label) in panel.X.Ticks())
        {
            svg.Append(Invariant($"<text x=\"{panel.X.Place(at):0}\" y=\"{bottom + 16:0}\" text-anchor=\"middle\">{label}</text>"));
        }

        foreach (var (at, label) in panel.Y.Ticks())
        {
            svg.Append(Invariant($"<text x=\"{left - 6:0}\" y=\"{panel.Y.Place(at) + 4:0}\" text-anchor=\"end\">{label}</text>"));
        }

        if (panel.X.Title.Length > 0)
        {
            svg.Append(Invariant($"<text x=\"{(left + right) / 2:0}\" y=\"{bottom + Bottom:0}\" text-anchor=\"middle\">{Text(panel.X.Title)}</text>"));
        }

        if (panel.Y.Title.Length > 0)
        {
            svg.Append(Invariant($"<text transform=\"translate(12 {(top + bottom) / 2:0})rotate(-90)\" text-anchor=\"middle\">{Text(panel.Y.Title)}</text>"));
        }
    }

    private static void Trace(JsonElement trace, Panel panel, StringBuilder svg)
    {
        var type = String(trace, "type");
        if (type == "heatmap" && Number(trace, "opacity") != 0)
        {
            Cells(trace, panel, svg);
        }

        if (type != "scatter" || (trace.TryGetProperty("visible", out var visible) && visible.ValueKind == JsonValueKind.False))
        {
            return;
        }

        var mode = String(trace, "mode") ?? "lines";
        var points = panel.Points(trace);
        if (mode.Contains("lines"))
        {
            var fill = String(trace, "fill") == "toself" && String(trace, "fillcolor") is { } colour ? colour : "none";
            var dash = String(trace, "line", "dash") is { } name && name != "solid" ? $" stroke-dasharray=\"{(name == "dot" ? "2 3" : name == "dashdot" ? "7 3 2 3" : "7 4")}\"" : "";
            svg.Append(Invariant($"<path d=\"{Line(points)}\" fill=\"{fill}\" stroke=\"{String(trace, "line", "color") ?? Ink}\" stroke-width=\"{Number(trace, "line", "width") ?? 2}\"{dash}/>"));
        }

        if (mode.Contains("markers") && !mode.Contains("lines"))
        {
            // A line of no length with round ends is a point, in few characters.
            var size = Number(trace, "marker", "size") ?? 6;
            svg.Append(Invariant($"<path d=\"{string.Concat(points.OfType<(double X, double Y)>().Select(point => Invariant($"M{point.X:0} {point.Y:0}h0")))}\" stroke=\"{String(trace, "marker", "color") ?? Ink}\" stroke-width=\"{size}\" stroke-linecap=\"round\"/>"));
        }

        if (mode.Contains("text") && trace.TryGetProperty("text", out var texts) && texts.ValueKind == JsonValueKind.Array)
        {
            foreach (var (text, point) in texts.EnumerateArray().Zip(points).Where(pair => pair.Second is not null))
            {
                var lines = text.ToString().Split("<br>");
                for (var i = 0; i < lines.Length; i++)
                {
                    svg.Append(Invariant($"<text xml:space=\"preserve\" font-family=\"monospace\" font-size=\"11\" x=\"{point!.Value.X + 7:0}\" y=\"{point.Value.Y + 4 + 14 * (i - (lines.Length - 1) / 2.0):0}\">{Text(lines[i])}</text>"));
                }
            }
        }
    }

    /// <summary>A line with gaps, of as few points as half a pixel allows.</summary>
    private static string Line((double X, double Y)?[] points)
    {
        var path = new StringBuilder();
        for (var start = 0; start < points.Length;)
        {
            var run = points.Skip(start).TakeWhile(point => point is not null).Select(point => point!.Value).ToArray();
            start += run.Length + 1;
            if (run.Length > 0)
            {
                path.Append('M').AppendJoin('L', Polyline.Simplify(run, 0.5).Select(i => Invariant($"{run[i].X:0.#} {run[i].Y:0.#}")));
            }
        }

        return path.ToString();
    }

    private static void Cells(JsonElement trace, Panel panel, StringBuilder svg)
    {
        var rows = trace.GetProperty("z").EnumerateArray().Select(row => row.EnumerateArray().Select(Value).ToArray()).ToArray();
        var finite = rows.SelectMany(row => row).OfType<double>().DefaultIfEmpty(0).ToArray();
        var (low, high) = (Number(trace, "zmin") ?? finite.Min(), Number(trace, "zmax") ?? finite.Max());
        var stops = Stops(trace);
        var template = String(trace, "texttemplate");
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
            {
                if (rows[i][j] is not { } value)
                {
                    continue;
                }

                var part = high > low ? (value - low) / (high - low) : 0.5;
                var above = Math.Max(1, Array.FindIndex(stops, stop => stop.At >= part));
                var between = (part - stops[above - 1].At) / (stops[above].At - stops[above - 1].At);
                var colour = stops[above].Colour.Zip(stops[above - 1].Colour, (b, a) => (int)Math.Round(a + (b - a) * between));
                var (x, y, right, bottom) = (panel.X.Place(j - 0.5), panel.Y.Place(i - 0.5), panel.X.Place(j + 0.5), panel.Y.Place(i + 0.5));
                svg.Append(Invariant($"<path d=\"M{x:0.#} {y:0}H{right:0.#}V{bottom:0}H{x:0.#}\" fill=\"#{string.Concat(colour.Select(part => part.ToString("x2")))}\"/>"));
                if (template is not null)
                {
                    var number = value.ToString(template.Contains('f') ? "0.00" : "G3", CultureInfo.InvariantCulture);
                    svg.Append(Invariant($"<text x=\"{(x + right) / 2:0}\" y=\"{(y + bottom) / 2 + 4:0}\" text-anchor=\"middle\" fill=\"rgb(32, 32, 32)\">{number}</text>"));
                }
            }
        }
    }

    // A scale that plotly.js knows by its name, or takes by itself, is one of greys here.
    private static (double At, double[] Colour)[] Stops(JsonElement trace) => At(trace, ["colorscale"]) is { ValueKind: JsonValueKind.Array } scale
        ? [.. scale.EnumerateArray().Select(stop => (stop[0].GetDouble(), Digits().Matches(stop[1].GetString()!).Select(part => double.Parse(part.Value, CultureInfo.InvariantCulture)).ToArray()))]
        : [(0, [64, 64, 64]), (1, [232, 232, 232])];

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(string text) => WebUtility.HtmlEncode(WebUtility.HtmlDecode(Tags().Replace(text, ""))).Replace("&#39;", "'");

    private static string Title(JsonElement of) =>
        At(of, ["title"]) is not { } title ? "" : title.ValueKind == JsonValueKind.String ? title.GetString()! : String(title, "text") ?? "";

    private static string Name(JsonElement trace, string axis, string usual) => String(trace, axis) ?? usual;

    private static string? String(JsonElement of, params ReadOnlySpan<string> path) => At(of, path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static double? Number(JsonElement of, params ReadOnlySpan<string> path) => At(of, path) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.EndsWith("px", StringComparison.Ordinal) ? double.Parse(text[..^2], CultureInfo.InvariantCulture)
        : Value(value);

    private static double? Value(JsonElement value) => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : null;

    private static JsonElement? At(JsonElement of, ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out of))
            {
                return null;
            }
        }

        return of;
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\d.]+")]
    private static partial Regex Digits();

    /// <summary>A plot with its traces: from where to where its axes reach, in values and in pixels.</summary>
    private sealed class Panel
    {
        public Panel(JsonElement layout, string xName, string yName, JsonElement[] traces, (double Left, double Top, double Width, double Height) inner)
        {
            Traces = traces;
            var (x, y) = (AxisOf(layout, "xaxis", xName), AxisOf(layout, "yaxis", yName));
            var (xDomain, yDomain) = (Pair(x, "domain") ?? (0, 1), Pair(y, "domain") ?? (0, 1));
            var (left, right) = (inner.Left + inner.Width * xDomain.Low, inner.Left + inner.Width * xDomain.High);
            var (top, bottom) = (inner.Top + inner.Height * (1 - yDomain.High), inner.Top + inner.Height * (1 - yDomain.Low));
            X = new(x, traces, "x", left, right);
            Y = new(y, traces, "y", bottom, top);
            if (String(y, "scaleanchor") is not null)
            {
                var scale = Math.Min((right - left) / X.Span, (bottom - top) / Y.Span);
                (right, bottom) = (left + scale * X.Span, top + scale * Y.Span);
                X = new(x, traces, "x", left, right);
                Y = new(y, traces, "y", bottom, top);
            }

            Frame = (left, top, right, bottom);
        }

        public JsonElement[] Traces { get; }

        public Axis X { get; }

        public Axis Y { get; }

        public (double Left, double Top, double Right, double Bottom) Frame { get; }

        public (double X, double Y)?[] Points(JsonElement trace) =>
            [.. Values(trace, "x").Zip(Values(trace, "y"), (x, y) => x is { } at && y is { } up && X.Has(at) && Y.Has(up) ? ((double, double)?)(X.Place(at), Y.Place(up)) : null)];

        private static JsonElement AxisOf(JsonElement layout, string axis, string name) =>
            layout.TryGetProperty(axis + name[1..], out var found) ? found : default;
    }

    private static IEnumerable<double?> Values(JsonElement trace, string name) =>
        trace.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array ? values.EnumerateArray().Select(Value) : [];

    private static (double Low, double High)? Pair(JsonElement of, string name) =>
        At(of, [name]) is { ValueKind: JsonValueKind.Array } pair && Value(pair[0]) is { } low && Value(pair[1]) is { } high ? (low, high) : null;

    /// <summary>An axis: values on one side, pixels on the other.</summary>
    private sealed class Axis
    {
        private readonly double _from;
        private readonly double _to;
        private readonly double _low;
        private readonly double _high;
        private readonly string[]? _labels;
        private readonly bool _isLog;

        public Axis(JsonElement axis, JsonElement[] traces, string name, double from, double to)
        {
            (_from, _to) = (from, to);
            _isLog = String(axis, "type") == "log";
            Title = Title(axis);
            IsHidden = At(axis, ["visible"]) is { ValueKind: JsonValueKind.False };
            var cells = traces.Where(trace => String(trace, "type") == "heatmap" && Number(trace, "opacity") != 0).Select(trace => trace.GetProperty("z")).ToArray();
            if (cells is [var z])
            {
                var count = name == "y" ? z.GetArrayLength() : z.EnumerateArray().Select(row => row.GetArrayLength()).FirstOrDefault();
                (_low, _high) = String(axis, "autorange") == "reversed" ? (count - 0.5, -0.5) : (-0.5, count - 0.5);
                _labels = traces[0].TryGetProperty(name, out var names) && names.ValueKind == JsonValueKind.Array ? [.. names.EnumerateArray().Select(label => label.ToString())]
                    : [.. Enumerable.Range(0, count).Select(i => $"{i}")];
                return;
            }

            var values = traces.SelectMany(trace => Values(trace, name)).OfType<double>().Where(value => !_isLog || value > 0).Select(Measure).DefaultIfEmpty(0).ToArray();
            var room = values.Max() > values.Min() ? 0.05 * (values.Max() - values.Min()) : 1;
            (_low, _high) = Pair(axis, "range") ?? (name == "x" ? values.Min() : values.Min() - room, name == "x" ? values.Max() : values.Max() + room);
            _high = _high == _low ? _low + 1 : _high;
        }

        public string Title { get; }

        public bool IsHidden { get; }

        public double Span => Math.Abs(_high - _low);

        public bool Has(double value) => !_isLog || value > 0;

        public double Place(double value) => _from + (_to - _from) * (Measure(value) - _low) / (_high - _low);

        public IEnumerable<(double At, string Label)> Ticks()
        {
            if (_labels is not null)
            {
                var every = (_labels.Length + 9) / 10;
                return _labels.Select((label, i) => ((double)i, Text(label))).Where((_, i) => i % every == 0);
            }

            var (least, most) = (Math.Min(_low, _high), Math.Max(_low, _high));
            var power = Math.Pow(10, Math.Floor(Math.Log10((most - least) / 3)));
            var step = new[] { 1, 2, 5, 10 }.Select(factor => factor * power).Last(size => (most - least) / size >= 3 || size == power);
            step = _isLog ? Math.Max(1, Math.Round(step)) : step;
            return Enumerable.Range(0, (int)Math.Floor(most / step) - (int)Math.Ceiling(least / step) + 1)
                .Select(i => (Math.Ceiling(least / step) + i) * step)
                .Select(at => _isLog ? (Math.Pow(10, at), Label(Math.Pow(10, at))) : (at, Label(at)));
        }

        private static string Label(double value) => Math.Round(value, 10).ToString("G5", CultureInfo.InvariantCulture).Replace('-', '−');

        private double Measure(double value) => _isLog ? Math.Log10(value) : value;
    }
}

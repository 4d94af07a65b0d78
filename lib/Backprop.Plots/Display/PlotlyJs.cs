using Plotly.NET;

namespace Backprop.Plots;

/// <summary>The plotly.js that Plotly.NET was made for: where the web has it, and the copy inside Plotly.NET's own assembly.</summary>
public static class PlotlyJs
{
    /// <summary>The version of plotly.js, that of the copy inside Plotly.NET 6.0.0.</summary>
    public const string Version = "2.28.0";

    /// <summary>The address of exactly that version on plotly's content delivery network.</summary>
    public const string Address = "https://cdn.plot.ly/plotly-" + Version + ".min.js";

    /// <summary>
    /// The SHA-384 of the script's bytes, in the form of an HTML integrity attribute. The npm package
    /// plotly.js-dist-min 2.28.0, which the address serves, and Plotly.NET's copy are the same bytes.
    /// </summary>
    public const string Integrity = "sha384-53bFwj3AXyrFzPyqXWI5rZuuEa3GbWeuLmgC04XqmiE7CairskQMPvcdXh+OLuir";

    private static readonly Lazy<string> s_embedded = new(Read);

    /// <summary>The script's text, 3.6 million characters, from Plotly.NET's assembly: no network is needed.</summary>
    /// <exception cref="InvalidOperationException">This Plotly.NET carries another version of plotly.js.</exception>
    public static string Text => s_embedded.Value;

    /// <summary>
    /// Leaves word for whoever makes a page out of outputs: under <c>"offline:" + address</c>, application data holds a
    /// function that returns the script's text, to be put into the page once instead of loaded from the address.
    /// </summary>
    internal static void OfferToExporters() => AppContext.SetData("offline:" + Address, (Func<string>)(() => Text));

    /// <summary>
    /// The script as HTML that can stand in any page once. It hides AMD's <c>define</c> from plotly.js, which would
    /// otherwise hand itself to the module loader of a classic Jupyter page and never become <c>window.Plotly</c>.
    /// </summary>
    internal static string Inline() =>
        $"<script>if (!window.Plotly) (function (define, exports, module) {{\n{Text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}\n}}).call(window);</script>";

    private static string Read()
    {
        var assembly = typeof(GenericChart).Assembly;
        var name = $"Plotly.NET.plotly-{Version}.min.js";
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} {assembly.GetName().Version} does not contain '{name}': its plotly.js has another version than {Version}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

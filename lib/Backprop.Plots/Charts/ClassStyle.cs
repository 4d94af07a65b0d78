namespace Backprop.Plots;

/// <summary>How a class looks: the same colour and the same marker in every chart.</summary>
/// <remarks>
/// The colours are those of Okabe and Ito, "Color Universal Design" (2008), which readers of every kind of colour vision
/// can tell apart; grey stands in for their black, which a dark page would swallow. The markers differ too, so that
/// colour is never the only difference. After eight classes colours repeat, and the markers, being seven, keep the pairs apart.
/// </remarks>
internal static class ClassStyle
{
    public static readonly (byte Red, byte Green, byte Blue)[] Palette =
    [
        (0, 114, 178), // blue
        (230, 159, 0), // orange
        (0, 158, 115), // bluish green
        (204, 121, 167), // reddish purple
        (86, 180, 233), // sky blue
        (213, 94, 0), // vermilion
        (240, 228, 66), // yellow
        (100, 100, 100), // grey, dark enough not to be taken for the green by readers who lack green cones
    ];

    /// <summary>The colours again for lines, which are thin: on white and on the tint of the same class their contrast is 3 : 1.</summary>
    private static readonly string[] s_lines =
    [
        "rgb(0, 114, 178)", "rgb(172, 119, 0)", "rgb(0, 141, 102)", "rgb(175, 104, 144)",
        "rgb(65, 137, 177)", "rgb(200, 88, 0)", "rgb(149, 141, 41)", "rgb(100, 100, 100)",
    ];

    /// <summary>The colour of lines between regions.</summary>
    public const string Border = "rgb(105, 105, 105)";

    /// <summary>The colour of a line that stays in the background, on light and on dark pages.</summary>
    public const string Pale = "rgb(128, 128, 128)";

    /// <summary>The colour of text that is a gradient, 4.5 : 1 on white.</summary>
    public const string GradientText = "rgb(190, 75, 0)";

    /// <summary>What stands for a colour on a dark page, where it has there the contrast that it has on a white one. No colour is on both sides.</summary>
    public static readonly IReadOnlyDictionary<string, string> OnDarkPages = new Dictionary<string, string>
    {
        [s_lines[0]] = "rgb(34, 133, 189)",
        [s_lines[1]] = "rgb(231, 160, 1)",
        [s_lines[2]] = "rgb(1, 159, 116)",
        [s_lines[3]] = "rgb(205, 122, 168)",
        [s_lines[4]] = "rgb(87, 181, 234)",
        [s_lines[5]] = "rgb(215, 97, 4)",
        [s_lines[6]] = "rgb(241, 229, 67)",
        [s_lines[7]] = "rgb(126, 126, 126)",
        [Border] = "rgb(165, 165, 165)",
        [GradientText] = "rgb(255, 140, 70)",
    };

    private static readonly string[] s_markers =
        ["circle", "diamond", "triangle-up", "square", "cross", "triangle-down", "star"];

    public static string Name(int k) => $"class {k}";

    public static string Marker(int k) => s_markers[k % s_markers.Length];

    public static string Colour(int k)
    {
        var (red, green, blue) = Palette[k % Palette.Length];
        return $"rgb({red}, {green}, {blue})";
    }

    /// <summary>The colour of a line, which differs from the colour of points where that would be too light.</summary>
    public static string LineColour(int k) => s_lines[k % s_lines.Length];

    /// <summary>The colour of a class as a transparent layer over whatever the page's background is.</summary>
    public static string Tint(int k)
    {
        var (red, green, blue) = Palette[k % Palette.Length];
        return $"rgba({red}, {green}, {blue}, 0.25)";
    }
}

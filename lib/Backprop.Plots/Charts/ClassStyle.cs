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

    /// <summary>The colour of lines between regions.</summary>
    public const string Border = "rgb(110, 110, 110)";

    private static readonly string[] markers =
        ["circle", "diamond", "triangle-up", "square", "cross", "triangle-down", "star"];

    public static string Name(int k) => $"class {k}";

    public static string Marker(int k) => markers[k % markers.Length];

    public static string Colour(int k)
    {
        var (red, green, blue) = Palette[k % Palette.Length];
        return $"rgb({red}, {green}, {blue})";
    }

    /// <summary>The colour of a class as a transparent layer over whatever the page's background is.</summary>
    public static string Tint(int k)
    {
        var (red, green, blue) = Palette[k % Palette.Length];
        return $"rgba({red}, {green}, {blue}, 0.25)";
    }
}

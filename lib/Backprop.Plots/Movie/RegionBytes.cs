namespace Backprop.Plots;

/// <summary>Regions as few bytes, for a movie of many: what <c>movie.js</c> reads again.</summary>
/// <remarks>
/// One class after the other, row by row. A mesh point next to a border is one byte, the margin's sign and the eighths
/// of its binary logarithm below that of the largest margin: where a contour crosses zero between two points depends on
/// the ratio of their margins only, and this keeps ratios to 4 %. A run of points that are not next to a border is two
/// bytes: 0 (outside the region) or 255 (inside), and how many they are.
/// </remarks>
internal static class RegionBytes
{
    private const byte Outside = 0;
    private const byte Inside = 255;
    private const int Levels = 127; // 1 to 127 are below zero, from the largest to the smallest; 128 to 254 above, upwards

    public static byte[] Of(Regions regions)
    {
        var margins = Margins(regions);
        var largest = margins.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var bytes = new List<byte>();
        for (var point = 0; point < margins.Length;)
        {
            if (double.IsFinite(margins[point]))
            {
                bytes.Add(OfMargin(margins[point++], largest));
                continue;
            }

            var run = margins.Skip(point).Take(byte.MaxValue).TakeWhile(margin => margin == margins[point]).Count();
            bytes.Add(margins[point] > 0 ? Inside : Outside);
            bytes.Add((byte)run);
            point += run;
        }

        return [.. bytes];
    }

    private static double[] Margins(Regions regions) =>
    [
        .. from k in Enumerable.Range(0, regions.NumClasses)
           from i in Enumerable.Range(0, regions.Rows)
           from j in Enumerable.Range(0, regions.Columns)
           select regions.MarginAtBorder(k, i, j),
    ];

    private static byte OfMargin(double margin, double largest)
    {
        var level = (int)Math.Clamp(Levels - 1 + Math.Round(8 * Math.Log2(Math.Abs(margin) / largest)), 0, Levels - 1);
        return (byte)(margin > 0 ? Levels + 1 + level : Levels - level);
    }
}

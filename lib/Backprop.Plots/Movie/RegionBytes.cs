namespace Backprop.Plots;

/// <summary>Regions as few bytes, for a movie of many: what <c>movie.js</c> reads again.</summary>
/// <remarks>
/// One class after the other: how many outlines it has, and for each how many corners and where they are. A number is two
/// bytes, the lower first; a corner is three, twelve bits for x and twelve for y, from 0 at the left and bottom of the mesh
/// to 4095 at its right and top, which is finer than a screen.
/// </remarks>
internal static class RegionBytes
{
    private const int Most = 4095;

    public static byte[] Of(Partition partition, int numClasses, Mesh mesh)
    {
        var bytes = new List<byte>();
        for (var k = 0; k < numClasses; k++)
        {
            var outlines = partition.Outlines(k);
            Number(outlines.Count);
            foreach (var outline in outlines)
            {
                Number(outline.Length);
                foreach (var (x, y) in outline)
                {
                    var (across, up) = (Part(x, mesh.XAxis), Part(y, mesh.YAxis));
                    bytes.AddRange([(byte)across, (byte)(across >> 8 | (up & 15) << 4), (byte)(up >> 4)]);
                }
            }
        }

        return [.. bytes];

        void Number(int count) => bytes.AddRange([(byte)count, checked((byte)(count >> 8))]);
    }

    private static int Part(double value, double[] axis) => (int)Math.Round(Most * Math.Clamp((value - axis[0]) / (axis[^1] - axis[0]), 0, 1));
}

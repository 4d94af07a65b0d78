namespace Backprop.Plots;

/// <summary>Lines of many points with as few as show the same.</summary>
internal static class Polyline
{
    /// <summary>
    /// Which points stay, so that no point is further from the line than the tolerance: the first, the last, and those that
    /// Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized line"
    /// (1973), choose between them. The same line backwards keeps the same points.
    /// </summary>
    public static int[] Simplify((double X, double Y)[] points, double tolerance)
    {
        var stays = new bool[points.Length];
        stays[0] = stays[^1] = true;
        var parts = new Stack<(int First, int Last)>([(0, points.Length - 1)]);
        while (parts.TryPop(out var part))
        {
            var (farthest, distance) = (-1, tolerance);
            for (var i = part.First + 1; i < part.Last; i++)
            {
                var d = Distance(points[i], points[part.First], points[part.Last]);
                if (d > distance)
                {
                    (farthest, distance) = (i, d);
                }
            }

            if (farthest >= 0)
            {
                stays[farthest] = true;
                parts.Push((part.First, farthest));
                parts.Push((farthest, part.Last));
            }
        }

        return [.. Enumerable.Range(0, points.Length).Where(i => stays[i])];
    }

    private static double Distance((double X, double Y) point, (double X, double Y) from, (double X, double Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = dx * dx + dy * dy;
        var along = squared == 0 ? 0 : Math.Clamp(((point.X - from.X) * dx + (point.Y - from.Y) * dy) / squared, 0, 1);
        return Math.Sqrt(Math.Pow(from.X + along * dx - point.X, 2) + Math.Pow(from.Y + along * dy - point.Y, 2));
    }
}

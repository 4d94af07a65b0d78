using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>
/// The rectangle of a mesh cut into the regions of the classes. A point lies in exactly one region or on the border of
/// two, because neighbouring regions are bounded by the same line; and a straight border is straight.
/// </summary>
/// <remarks>
/// Only the cells of the mesh that a border runs through are looked at closely, in points a pixel or so apart. Each small
/// cell is two triangles; where the corners of a triangle belong to different classes, the border crosses its sides
/// where the scores are equal, and where they belong to three classes, three borders meet in its middle (marching
/// triangles). The model is asked three or four times for many points, never for one.
/// </remarks>
internal sealed class Partition
{
    /// <summary>About so many small cells lie along the mesh: as many as its picture has pixels, or half as many.</summary>
    private const int SmallCells = 300;

    /// <summary>On a side that a border crosses, the model is asked at so many places more.</summary>
    private const int Between = 7;

    /// <summary>Borders are drawn with as few corners as do not move them by more than this part of the rectangle: a tenth of a pixel.</summary>
    private const double Tolerance = 1.0 / 4000;

    private readonly Func<Matrix<double>, Matrix<double>> model;
    private readonly Mesh mesh;
    private readonly int factor;
    private readonly int columns;
    private readonly int rows;
    private readonly int[] classes;
    private readonly double[]?[] scores;
    private readonly bool[] isClose;

    private readonly List<(double X, double Y)> nodes = [];
    private readonly List<bool> isFixed = [];
    private readonly List<bool> isOnFrame = [];
    private readonly Dictionary<(int Point, int Kind), int> nodeOf = [];
    private readonly Dictionary<int, int>[] next;
    private readonly List<(double X, double Y)[]>[] loops;
    private readonly List<(double X, double Y)[]> borders = [];
    private readonly HashSet<(int, int)> simplified = [];
    private readonly HashSet<int> kept = [];

    /// <param name="model">From points (N × 2) to scores (N × number of classes).</param>
    /// <param name="mesh">The mesh.</param>
    /// <param name="onMesh">The model's scores of the mesh points, which are finite.</param>
    public Partition(Func<Matrix<double>, Matrix<double>> model, Mesh mesh, Matrix<double> onMesh)
    {
        this.model = model;
        this.mesh = mesh;
        var (across, up) = (mesh.XAxis.Length - 1, mesh.YAxis.Length - 1);
        factor = 2 * (int)Math.Clamp(Math.Round(SmallCells / 2.0 / Math.Max(Math.Max(across, up), 1)), 1, 8);
        (columns, rows) = (across * factor + 1, up * factor + 1);
        classes = new int[rows * columns];
        scores = new double[]?[rows * columns];
        isClose = new bool[across * up];
        next = [.. Enumerable.Range(0, onMesh.ColumnCount).Select(_ => new Dictionary<int, int>())];
        loops = [.. next.Select(_ => new List<(double X, double Y)[]>())];

        TakeFromMesh(onMesh);
        if (across == 0 || up == 0)
        {
            return;
        }

        LookCloselyAtBorders();
        AskOnCrossedSides();
        foreach (var cell in Enumerable.Range(0, isClose.Length).Where(cell => isClose[cell]))
        {
            CutCell(cell);
        }

        GoAroundFrame();
        for (var k = 0; k < next.Length; k++)
        {
            loops[k].AddRange(Loops(k));
        }
    }

    /// <summary>
    /// The outlines of a class's region, corner after corner without repeating the first. The region is on the left of each, so
    /// that the outline of a hole runs the other way round.
    /// </summary>
    public IReadOnlyList<(double X, double Y)[]> Outlines(int k) => loops[k];

    /// <summary>The lines between regions, each once, without the frame of the mesh.</summary>
    public IReadOnlyList<(double X, double Y)[]> Borders => borders;

    /// <summary>The predicted classes of the mesh's points, row by row, for who asks about a place.</summary>
    public int[][] Classes() =>
        [.. Enumerable.Range(0, mesh.YAxis.Length).Select(i => Enumerable.Range(0, mesh.XAxis.Length).Select(j => classes[i * factor * columns + j * factor]).ToArray())];

    private void TakeFromMesh(Matrix<double> onMesh)
    {
        var predicted = Softmax.ArgMax(onMesh);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                // In between, what the next mesh point says, until the place is looked at closely.
                var (i, j) = (row / factor, column / factor);
                var point = i * mesh.XAxis.Length + j;
                classes[row * columns + column] = predicted[point];
                if (row == i * factor && column == j * factor)
                {
                    scores[row * columns + column] = onMesh.Row(point).ToArray();
                }
            }
        }
    }

    /// <summary>
    /// Asks the model within every cell of the mesh whose corners differ, and then within the neighbours into which a
    /// border turns out to lead between two corners that do not.
    /// </summary>
    private void LookCloselyAtBorders()
    {
        var (across, up) = (mesh.XAxis.Length - 1, mesh.YAxis.Length - 1);
        while (true)
        {
            var found = Enumerable.Range(0, across * up).Where(cell => !isClose[cell] && HasBorder(cell / across, cell % across)).ToArray();
            if (found.Length == 0)
            {
                return;
            }

            var points = new SortedSet<int>();
            foreach (var cell in found)
            {
                isClose[cell] = true;
                for (var i = 0; i <= factor; i++)
                {
                    for (var j = 0; j <= factor; j++)
                    {
                        points.Add((cell / across * factor + i) * columns + cell % across * factor + j);
                    }
                }
            }

            int[] unknown = [.. points.Where(point => scores[point] is null)];
            var answers = Ask([.. unknown.Select(Place)]);
            var predicted = Softmax.ArgMax(answers);
            for (var i = 0; i < unknown.Length; i++)
            {
                scores[unknown[i]] = answers.Row(i).ToArray();
                classes[unknown[i]] = predicted[i];
            }
        }
    }

    private bool HasBorder(int i, int j)
    {
        var corner = i * factor * columns + j * factor;
        for (var step = 0; step <= factor; step++)
        {
            // What has not been asked on a side says what its lower left corner says.
            if (Differs(corner + step) || Differs(corner + step * columns)
                || Differs(corner + factor * columns + step) || Differs(corner + step * columns + factor))
            {
                return true;
            }
        }

        return false;

        bool Differs(int point) => scores[point] is not null && classes[point] != classes[corner];
    }

    private Matrix<double> Ask(IReadOnlyList<(double X, double Y)> places)
    {
        var points = Matrix<double>.Build.Dense(places.Count, 2, (i, j) => j == 0 ? places[i].X : places[i].Y);
        return Regions.ScoresOf(points, model);
    }

    private (double X, double Y) Place(int point)
    {
        return (On(mesh.XAxis, point % columns), On(mesh.YAxis, point / columns));

        double On(double[] axis, int position)
        {
            var (whole, rest) = Math.DivRem(position, factor);
            return rest == 0 ? axis[whole] : axis[whole] + (axis[whole + 1] - axis[whole]) * rest / factor;
        }
    }

    /// <summary>Finds where the borders cross the sides of the triangles, and makes a node of every such place.</summary>
    private void AskOnCrossedSides()
    {
        var sides = new List<(int From, int To, int Kind)>();
        for (var point = 0; point < classes.Length; point++)
        {
            var (column, row) = (point % columns, point / columns);
            AddIfCrossed(0, column + 1 < columns, 1);
            AddIfCrossed(1, row + 1 < rows, columns);
            AddIfCrossed(2, column + 1 < columns && row + 1 < rows, columns + 1);

            void AddIfCrossed(int kind, bool isThere, int step)
            {
                if (isThere && scores[point] is not null && scores[point + step] is not null && classes[point] != classes[point + step])
                {
                    sides.Add((point, point + step, kind));
                }
            }
        }

        if (sides.Count == 0)
        {
            return;
        }

        var answers = Ask([.. sides.SelectMany(side => Enumerable.Range(1, Between).Select(i => On(side, i / (Between + 1.0))))]);
        var predicted = Softmax.ArgMax(answers);
        for (var side = 0; side < sides.Count; side++)
        {
            var (from, to, kind) = sides[side];
            var first = side * Between;
            // The first place, seen from the side's start, that is no longer of the class there: the border is before it.
            var beyond = Enumerable.Range(0, Between).FirstOrDefault(i => predicted[first + i] != classes[from], Between);
            var (here, there) = (classes[from], beyond == Between ? classes[to] : predicted[first + beyond]);
            var near = Lead(i => beyond == 0 ? scores[from]![i] : answers[first + beyond - 1, i]);
            var far = Lead(i => beyond == Between ? scores[to]![i] : answers[first + beyond, i]);
            var part = near > far && double.IsFinite(near - far) ? Math.Clamp(near / (near - far), 0, 1) : 0.5;
            var (x, y) = On(sides[side], (beyond + part) / (Between + 1));
            var isOnFrame = IsOnFrame(from) && IsOnFrame(to) && kind != 2;
            nodeOf[(from, kind)] = AddNode(x, y, isFixed: isOnFrame, isOnFrame);

            double Lead(Func<int, double> score) => score(here) - score(there);
        }

        (double X, double Y) On((int From, int To, int Kind) side, double part)
        {
            var (from, to) = (Place(side.From), Place(side.To));
            return (from.X + (to.X - from.X) * part, from.Y + (to.Y - from.Y) * part);
        }
    }

    private bool IsOnFrame(int point) =>
        point % columns == 0 || point % columns == columns - 1 || point / columns == 0 || point / columns == rows - 1;

    private int AddNode(double x, double y, bool isFixed, bool isOnFrame)
    {
        nodes.Add((x, y));
        this.isFixed.Add(isFixed);
        this.isOnFrame.Add(isOnFrame);
        return nodes.Count - 1;
    }

    private void CutCell(int cell)
    {
        var across = mesh.XAxis.Length - 1;
        for (var i = 0; i < factor; i++)
        {
            for (var j = 0; j < factor; j++)
            {
                var point = (cell / across * factor + i) * columns + cell % across * factor + j;
                var (right, above, opposite) = (point + 1, point + columns, point + columns + 1);
                // Counterclockwise, as are the sides: each is named by its lower left end and its kind.
                CutTriangle([point, right, opposite], [(point, 0), (right, 1), (point, 2)]);
                CutTriangle([point, opposite, above], [(point, 2), (above, 0), (point, 1)]);
            }
        }
    }

    private void CutTriangle(int[] corners, (int Point, int Kind)[] sides)
    {
        var (a, b, c) = (classes[corners[0]], classes[corners[1]], classes[corners[2]]);
        if (a == b && b == c)
        {
            return;
        }

        if (a != b && b != c && c != a)
        {
            var at = sides.Select(side => nodes[nodeOf[side]]).ToArray();
            var middle = AddNode(at.Average(node => node.X), at.Average(node => node.Y), isFixed: true, isOnFrame: false);
            for (var i = 0; i < 3; i++)
            {
                next[classes[corners[i]]][nodeOf[sides[i]]] = middle;
                next[classes[corners[i]]][middle] = nodeOf[sides[(i + 2) % 3]];
            }

            return;
        }

        // One corner is of a class of its own.
        var alone = b == c ? 0 : a == c ? 1 : 2;
        var (leaving, arriving) = (nodeOf[sides[alone]], nodeOf[sides[(alone + 2) % 3]]);
        next[classes[corners[alone]]][leaving] = arriving;
        next[classes[corners[(alone + 1) % 3]]][arriving] = leaving;
    }

    private void GoAroundFrame()
    {
        var frame = Enumerable.Range(0, columns)
            .Concat(Enumerable.Range(1, rows - 1).Select(i => i * columns + columns - 1))
            .Concat(Enumerable.Range(1, columns - 1).Select(j => rows * columns - 1 - j))
            .Concat(Enumerable.Range(1, Math.Max(rows - 2, 0)).Select(i => (rows - 1 - i) * columns))
            .ToArray();
        int[] corners = [0, columns - 1, rows * columns - 1, (rows - 1) * columns];
        var nodeAt = frame.ToDictionary(point => point, point => AddNode(Place(point).X, Place(point).Y, corners.Contains(point), isOnFrame: true));
        for (var i = 0; i < frame.Length; i++)
        {
            var (from, to) = (frame[i], frame[(i + 1) % frame.Length]);
            if (classes[from] == classes[to])
            {
                next[classes[from]][nodeAt[from]] = nodeAt[to];
                continue;
            }

            var crossing = nodeOf[(Math.Min(from, to), Math.Abs(from - to) == 1 ? 0 : 1)];
            next[classes[from]][nodeAt[from]] = crossing;
            next[classes[to]][crossing] = nodeAt[to];
        }
    }

    private IEnumerable<(double X, double Y)[]> Loops(int k)
    {
        var steps = next[k];
        while (steps.Count > 0)
        {
            var loop = new List<int>();
            for (var node = steps.Keys.First(); steps.Remove(node, out var following); node = following)
            {
                loop.Add(node);
            }

            var corners = Corners(k, loop);
            if (corners.Length > 2)
            {
                yield return corners;
            }
        }
    }

    /// <summary>
    /// Leaves out of a loop what lies on a straight line. Both neighbours of a border leave out the same, because what stays
    /// is decided once.
    /// </summary>
    private (double X, double Y)[] Corners(int k, List<int> loop)
    {
        var start = loop.FindIndex(node => isFixed[node]);
        if (start < 0)
        {
            // An island: it begins where both neighbours begin it, and has a second end opposite.
            start = loop.IndexOf(loop.Min());
        }

        int[] turned = [.. loop[start..], .. loop[..start], loop[start]];
        int[] ends = [.. Enumerable.Range(0, turned.Length).Where(i => i == 0 || i == turned.Length - 1 || isFixed[turned[i]])];
        for (var i = 1; i < ends.Length; i++)
        {
            Simplify(turned[ends[i - 1]..(ends[i] + 1)]);
        }

        return [.. turned[..^1].Where(kept.Contains).Select(node => nodes[node])];
    }

    private void Simplify(int[] line)
    {
        kept.Add(line[0]);
        kept.Add(line[^1]);
        if (line.Skip(1).SkipLast(1).Any(node => isOnFrame[node]) || (line.Length == 2 && isOnFrame[line[0]] && isOnFrame[line[1]]))
        {
            return;
        }

        // From the other side it is the same line backwards.
        if (!simplified.Add((line[0], line[1])))
        {
            return;
        }

        simplified.Add((line[^1], line[^2]));
        var stays = Polyline.Simplify([.. line.Select(node => nodes[node])], Tolerance * Math.Max(mesh.XAxis[^1] - mesh.XAxis[0], mesh.YAxis[^1] - mesh.YAxis[0]));
        kept.UnionWith(stays.Select(i => line[i]));
        borders.Add([.. stays.Select(i => nodes[line[i]])]);
    }
}

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

    private readonly Func<Matrix<double>, Matrix<double>> _model;
    private readonly Mesh _mesh;
    private readonly int _factor;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int[] _classes;
    private readonly double[]?[] _scores;
    private readonly bool[] _isClose;

    private readonly List<(double X, double Y)> _nodes = [];
    private readonly List<bool> _isFixed = [];
    private readonly List<bool> _isOnFrame = [];
    private readonly Dictionary<(int Point, int Kind), int> _nodeOf = [];
    private readonly Dictionary<int, int>[] _next;
    private readonly List<(double X, double Y)[]>[] _loops;
    private readonly List<(double X, double Y)[]> _borders = [];
    private readonly HashSet<(int, int)> _simplified = [];
    private readonly HashSet<int> _kept = [];

    /// <param name="model">From points (N × 2) to scores (N × number of classes).</param>
    /// <param name="mesh">The mesh.</param>
    /// <param name="onMesh">The model's scores of the mesh points, which are finite.</param>
    public Partition(Func<Matrix<double>, Matrix<double>> model, Mesh mesh, Matrix<double> onMesh)
    {
        _model = model;
        _mesh = mesh;
        var (across, up) = (mesh.XAxis.Length - 1, mesh.YAxis.Length - 1);
        _factor = 2 * (int)Math.Clamp(Math.Round(SmallCells / 2.0 / Math.Max(Math.Max(across, up), 1)), 1, 8);
        (_columns, _rows) = (across * _factor + 1, up * _factor + 1);
        _classes = new int[_rows * _columns];
        _scores = new double[]?[_rows * _columns];
        _isClose = new bool[across * up];
        _next = [.. Enumerable.Range(0, onMesh.ColumnCount).Select(_ => new Dictionary<int, int>())];
        _loops = [.. _next.Select(_ => new List<(double X, double Y)[]>())];

        TakeFromMesh(onMesh);
        if (across == 0 || up == 0)
        {
            return;
        }

        LookCloselyAtBorders();
        AskOnCrossedSides();
        foreach (var cell in Enumerable.Range(0, _isClose.Length).Where(cell => _isClose[cell]))
        {
            CutCell(cell);
        }

        GoAroundFrame();
        for (var k = 0; k < _next.Length; k++)
        {
            _loops[k].AddRange(Loops(k));
        }
    }

    /// <summary>
    /// The outlines of a class's region, corner after corner without repeating the first. The region is on the left of each, so
    /// that the outline of a hole runs the other way round.
    /// </summary>
    public IReadOnlyList<(double X, double Y)[]> Outlines(int k) => _loops[k];

    /// <summary>The lines between regions, each once, without the frame of the mesh.</summary>
    public IReadOnlyList<(double X, double Y)[]> Borders => _borders;

    /// <summary>The predicted classes of the mesh's points, row by row, for who asks about a place.</summary>
    public int[][] Classes() =>
        [.. Enumerable.Range(0, _mesh.YAxis.Length).Select(i => Enumerable.Range(0, _mesh.XAxis.Length).Select(j => _classes[i * _factor * _columns + j * _factor]).ToArray())];

    private void TakeFromMesh(Matrix<double> onMesh)
    {
        var predicted = Softmax.ArgMax(onMesh);
        for (var row = 0; row < _rows; row++)
        {
            for (var column = 0; column < _columns; column++)
            {
                // In between, what the next mesh point says, until the place is looked at closely.
                var (i, j) = (row / _factor, column / _factor);
                var point = i * _mesh.XAxis.Length + j;
                _classes[row * _columns + column] = predicted[point];
                if (row == i * _factor && column == j * _factor)
                {
                    _scores[row * _columns + column] = onMesh.Row(point).ToArray();
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
        var (across, up) = (_mesh.XAxis.Length - 1, _mesh.YAxis.Length - 1);
        while (true)
        {
            var found = Enumerable.Range(0, across * up).Where(cell => !_isClose[cell] && HasBorder(cell / across, cell % across)).ToArray();
            if (found.Length == 0)
            {
                return;
            }

            var points = new SortedSet<int>();
            foreach (var cell in found)
            {
                _isClose[cell] = true;
                for (var i = 0; i <= _factor; i++)
                {
                    for (var j = 0; j <= _factor; j++)
                    {
                        points.Add((cell / across * _factor + i) * _columns + cell % across * _factor + j);
                    }
                }
            }

            int[] unknown = [.. points.Where(point => _scores[point] is null)];
            var answers = Ask([.. unknown.Select(Place)]);
            var predicted = Softmax.ArgMax(answers);
            for (var i = 0; i < unknown.Length; i++)
            {
                _scores[unknown[i]] = answers.Row(i).ToArray();
                _classes[unknown[i]] = predicted[i];
            }
        }
    }

    private bool HasBorder(int i, int j)
    {
        var corner = i * _factor * _columns + j * _factor;
        for (var step = 0; step <= _factor; step++)
        {
            // What has not been asked on a side says what its lower left corner says.
            if (Differs(corner + step) || Differs(corner + step * _columns)
                || Differs(corner + _factor * _columns + step) || Differs(corner + step * _columns + _factor))
            {
                return true;
            }
        }

        return false;

        bool Differs(int point) => _scores[point] is not null && _classes[point] != _classes[corner];
    }

    private Matrix<double> Ask(IReadOnlyList<(double X, double Y)> places)
    {
        var points = Matrix<double>.Build.Dense(places.Count, 2, (i, j) => j == 0 ? places[i].X : places[i].Y);
        return Regions.ScoresOf(points, _model);
    }

    private (double X, double Y) Place(int point)
    {
        return (On(_mesh.XAxis, point % _columns), On(_mesh.YAxis, point / _columns));

        double On(double[] axis, int position)
        {
            var (whole, rest) = Math.DivRem(position, _factor);
            return rest == 0 ? axis[whole] : axis[whole] + (axis[whole + 1] - axis[whole]) * rest / _factor;
        }
    }

    /// <summary>Finds where the borders cross the sides of the triangles, and makes a node of every such place.</summary>
    private void AskOnCrossedSides()
    {
        var sides = new List<(int From, int To, int Kind)>();
        for (var point = 0; point < _classes.Length; point++)
        {
            var (column, row) = (point % _columns, point / _columns);
            AddIfCrossed(0, column + 1 < _columns, 1);
            AddIfCrossed(1, row + 1 < _rows, _columns);
            AddIfCrossed(2, column + 1 < _columns && row + 1 < _rows, _columns + 1);

            void AddIfCrossed(int kind, bool isThere, int step)
            {
                if (isThere && _scores[point] is not null && _scores[point + step] is not null && _classes[point] != _classes[point + step])
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
            var beyond = Enumerable.Range(0, Between).FirstOrDefault(i => predicted[first + i] != _classes[from], Between);
            var (here, there) = (_classes[from], beyond == Between ? _classes[to] : predicted[first + beyond]);
            var near = Lead(i => beyond == 0 ? _scores[from]![i] : answers[first + beyond - 1, i]);
            var far = Lead(i => beyond == Between ? _scores[to]![i] : answers[first + beyond, i]);
            var part = near > far && double.IsFinite(near - far) ? Math.Clamp(near / (near - far), 0, 1) : 0.5;
            var (x, y) = On(sides[side], (beyond + part) / (Between + 1));
            var isOnFrame = IsOnFrame(from) && IsOnFrame(to) && kind != 2;
            _nodeOf[(from, kind)] = AddNode(x, y, isFixed: isOnFrame, isOnFrame);

            double Lead(Func<int, double> score) => score(here) - score(there);
        }

        (double X, double Y) On((int From, int To, int Kind) side, double part)
        {
            var (from, to) = (Place(side.From), Place(side.To));
            return (from.X + (to.X - from.X) * part, from.Y + (to.Y - from.Y) * part);
        }
    }

    private bool IsOnFrame(int point) =>
        point % _columns == 0 || point % _columns == _columns - 1 || point / _columns == 0 || point / _columns == _rows - 1;

    private int AddNode(double x, double y, bool isFixed, bool isOnFrame)
    {
        _nodes.Add((x, y));
        _isFixed.Add(isFixed);
        _isOnFrame.Add(isOnFrame);
        return _nodes.Count - 1;
    }

    private void CutCell(int cell)
    {
        var across = _mesh.XAxis.Length - 1;
        for (var i = 0; i < _factor; i++)
        {
            for (var j = 0; j < _factor; j++)
            {
                var point = (cell / across * _factor + i) * _columns + cell % across * _factor + j;
                var (right, above, opposite) = (point + 1, point + _columns, point + _columns + 1);
                // Counterclockwise, as are the sides: each is named by its lower left end and its kind.
                CutTriangle([point, right, opposite], [(point, 0), (right, 1), (point, 2)]);
                CutTriangle([point, opposite, above], [(point, 2), (above, 0), (point, 1)]);
            }
        }
    }

    private void CutTriangle(int[] corners, (int Point, int Kind)[] sides)
    {
        var (a, b, c) = (_classes[corners[0]], _classes[corners[1]], _classes[corners[2]]);
        if (a == b && b == c)
        {
            return;
        }

        if (a != b && b != c && c != a)
        {
            var at = sides.Select(side => _nodes[_nodeOf[side]]).ToArray();
            var middle = AddNode(at.Average(node => node.X), at.Average(node => node.Y), isFixed: true, isOnFrame: false);
            for (var i = 0; i < 3; i++)
            {
                _next[_classes[corners[i]]][_nodeOf[sides[i]]] = middle;
                _next[_classes[corners[i]]][middle] = _nodeOf[sides[(i + 2) % 3]];
            }

            return;
        }

        // One corner is of a class of its own.
        var alone = b == c ? 0 : a == c ? 1 : 2;
        var (leaving, arriving) = (_nodeOf[sides[alone]], _nodeOf[sides[(alone + 2) % 3]]);
        _next[_classes[corners[alone]]][leaving] = arriving;
        _next[_classes[corners[(alone + 1) % 3]]][arriving] = leaving;
    }

    private void GoAroundFrame()
    {
        var frame = Enumerable.Range(0, _columns)
            .Concat(Enumerable.Range(1, _rows - 1).Select(i => i * _columns + _columns - 1))
            .Concat(Enumerable.Range(1, _columns - 1).Select(j => _rows * _columns - 1 - j))
            .Concat(Enumerable.Range(1, Math.Max(_rows - 2, 0)).Select(i => (_rows - 1 - i) * _columns))
            .ToArray();
        int[] corners = [0, _columns - 1, _rows * _columns - 1, (_rows - 1) * _columns];
        var nodeAt = frame.ToDictionary(point => point, point => AddNode(Place(point).X, Place(point).Y, corners.Contains(point), isOnFrame: true));
        for (var i = 0; i < frame.Length; i++)
        {
            var (from, to) = (frame[i], frame[(i + 1) % frame.Length]);
            if (_classes[from] == _classes[to])
            {
                _next[_classes[from]][nodeAt[from]] = nodeAt[to];
                continue;
            }

            var crossing = _nodeOf[(Math.Min(from, to), Math.Abs(from - to) == 1 ? 0 : 1)];
            _next[_classes[from]][nodeAt[from]] = crossing;
            _next[_classes[to]][crossing] = nodeAt[to];
        }
    }

    private IEnumerable<(double X, double Y)[]> Loops(int k)
    {
        var steps = _next[k];
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
        var start = loop.FindIndex(node => _isFixed[node]);
        if (start < 0)
        {
            // An island: it begins where both neighbours begin it, and has a second end opposite.
            start = loop.IndexOf(loop.Min());
        }

        int[] turned = [.. loop[start..], .. loop[..start], loop[start]];
        int[] ends = [.. Enumerable.Range(0, turned.Length).Where(i => i == 0 || i == turned.Length - 1 || _isFixed[turned[i]])];
        for (var i = 1; i < ends.Length; i++)
        {
            Simplify(turned[ends[i - 1]..(ends[i] + 1)]);
        }

        return [.. turned[..^1].Where(_kept.Contains).Select(node => _nodes[node])];
    }

    private void Simplify(int[] line)
    {
        _kept.Add(line[0]);
        _kept.Add(line[^1]);
        if (line.Skip(1).SkipLast(1).Any(node => _isOnFrame[node]) || (line.Length == 2 && _isOnFrame[line[0]] && _isOnFrame[line[1]]))
        {
            return;
        }

        // From the other side it is the same line backwards.
        if (!_simplified.Add((line[0], line[1])))
        {
            return;
        }

        _simplified.Add((line[^1], line[^2]));
        var stays = Polyline.Simplify([.. line.Select(node => _nodes[node])], Tolerance * Math.Max(_mesh.XAxis[^1] - _mesh.XAxis[0], _mesh.YAxis[^1] - _mesh.YAxis[0]));
        _kept.UnionWith(stays.Select(i => line[i]));
        _borders.Add([.. stays.Select(i => _nodes[line[i]])]);
    }
}

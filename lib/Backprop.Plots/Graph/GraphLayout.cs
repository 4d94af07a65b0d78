namespace Backprop.Plots;

/// <summary>A box of a graph's picture, in pixels: how far it reaches to both sides of its point, and its height.</summary>
internal readonly record struct GraphBox(double Left, double Right, double Height);

/// <summary>
/// Where the nodes of a directed graph without cycles are drawn, and how the edges run between them: in layers from top
/// to bottom, after Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981).
/// The same graph always gets the same picture.
/// </summary>
internal sealed class GraphLayout
{
    private const double BoxGap = 24;
    private const double LayerGap = 13;
    private const int Sweeps = 24;

    /// <summary>Takes the room of a line that only passes through a layer.</summary>
    private static readonly GraphBox s_passing = new(4, 4, 0);

    private readonly GraphBox[] _boxes;
    private readonly int[] _layerOf;
    private readonly List<int>[] _above;
    private readonly List<int>[] _below;
    private readonly List<int>[] _layers;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _heights;
    private readonly List<int[]> _paths = [];

    /// <param name="nodes">The boxes, each after those that edges lead from to it.</param>
    /// <param name="edges">The edges, each once.</param>
    public GraphLayout(IReadOnlyList<GraphBox> nodes, IReadOnlyList<(int From, int To)> edges)
    {
        var layer = LongestPaths(nodes.Count, edges);
        var allBoxes = nodes.ToList();
        foreach (var (from, to) in edges)
        {
            // An edge over several layers gets a place of its own in each, so that it runs around the boxes there.
            var path = new List<int> { from };
            for (var between = layer[from] + 1; between < layer[to]; between++)
            {
                path.Add(allBoxes.Count);
                allBoxes.Add(s_passing);
                layer.Add(between);
            }

            _paths.Add([.. path, to]);
        }

        _boxes = [.. allBoxes];
        _layerOf = [.. layer];
        _above = [.. _boxes.Select(_ => new List<int>())];
        _below = [.. _boxes.Select(_ => new List<int>())];
        foreach (var path in _paths)
        {
            for (var i = 1; i < path.Length; i++)
            {
                _below[path[i - 1]].Add(path[i]);
                _above[path[i]].Add(path[i - 1]);
            }
        }

        _layers = [.. Enumerable.Range(0, layer.DefaultIfEmpty(-1).Max() + 1).Select(k => Enumerable.Range(0, _boxes.Length).Where(i => _layerOf[i] == k).ToList())];
        Order();
        _x = new double[_boxes.Length];
        PlaceAcross();
        _heights = [.. _layers.Select(nodes => nodes.Max(node => _boxes[node].Height))];
        _y = new double[_layers.Length];
        for (var k = 1; k < _y.Length; k++)
        {
            _y[k] = _y[k - 1] + (_heights[k - 1] + _heights[k]) / 2 + LayerGap;
        }

        Width = _boxes.Select((box, i) => _x[i] + box.Right).DefaultIfEmpty(0).Max();
        Height = _y.Length == 0 ? 0 : _y[^1] + (_heights[0] + _heights[^1]) / 2;
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The point of a node: x to the right, y downwards from the top of the picture.</summary>
    public (double X, double Y) Place(int node) => (_x[node], _heights[0] / 2 + _y[_layerOf[node]]);

    /// <summary>The points of an edge. It leaves and enters a layer vertically, so that it crosses no text.</summary>
    public IEnumerable<(double X, double Y)> Route(int edge)
    {
        var path = _paths[edge];
        for (var i = 0; i < path.Length; i++)
        {
            var (across, down) = Place(path[i]);
            var half = _heights[_layerOf[path[i]]] / 2;
            if (i > 0)
            {
                yield return (across, down - half - LayerGap / 5);
            }

            if (i == 0 || i == path.Length - 1)
            {
                yield return (across, down);
            }

            if (i < path.Length - 1)
            {
                yield return (across, down + half + LayerGap / 5);
            }
        }
    }

    /// <summary>A node's layer is the longest path from an input; inputs themselves then move down to the first that uses them.</summary>
    private static List<int> LongestPaths(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var layer = new int[count];
        foreach (var (from, to) in edges.OrderBy(edge => edge.To))
        {
            layer[to] = Math.Max(layer[to], layer[from] + 1);
        }

        var results = edges.Select(edge => edge.To).ToHashSet();
        foreach (var uses in edges.Where(edge => !results.Contains(edge.From)).GroupBy(edge => edge.From))
        {
            layer[uses.Key] = uses.Min(edge => layer[edge.To]) - 1;
        }

        return [.. layer];
    }

    /// <summary>The median heuristic, down and up in turn; the order with the fewest crossings stays.</summary>
    private void Order()
    {
        var rank = new double[_boxes.Length];
        var best = _layers.Select(layer => layer.ToArray()).ToArray();
        var fewest = Crossings(rank);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var layer in down ? _layers : _layers.Reverse())
            {
                var medians = layer.ToDictionary(node => node, node => Median(down ? _above[node] : _below[node], rank) ?? rank[node]);
                var ordered = layer.OrderBy(node => medians[node]).ThenBy(node => rank[node]).ToArray();
                layer.Clear();
                layer.AddRange(ordered);
                Rank(layer, rank);
            }

            var crossings = Crossings(rank);
            if (crossings < fewest)
            {
                fewest = crossings;
                best = [.. _layers.Select(layer => layer.ToArray())];
            }
        }

        for (var k = 0; k < _layers.Length; k++)
        {
            _layers[k].Clear();
            _layers[k].AddRange(best[k]);
        }
    }

    private int Crossings(double[] rank)
    {
        foreach (var layer in _layers)
        {
            Rank(layer, rank);
        }

        var crossings = 0;
        foreach (var layer in _layers)
        {
            var edges = layer.SelectMany(node => _below[node].Select(to => (From: rank[node], To: rank[to]))).ToArray();
            for (var i = 0; i < edges.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    crossings += (edges[i].From - edges[j].From) * (edges[i].To - edges[j].To) < 0 ? 1 : 0;
                }
            }
        }

        return crossings;
    }

    private static void Rank(List<int> layer, double[] rank)
    {
        for (var i = 0; i < layer.Count; i++)
        {
            rank[layer[i]] = i;
        }
    }

    private static double? Median(List<int> neighbours, double[] rank)
    {
        var ranks = neighbours.Select(node => rank[node]).Order().ToArray();
        return ranks.Length == 0 ? null : (ranks[(ranks.Length - 1) / 2] + ranks[ranks.Length / 2]) / 2;
    }

    /// <summary>Moves each node towards its neighbours, as far as the others in its layer let it.</summary>
    private void PlaceAcross()
    {
        foreach (var layer in _layers)
        {
            Settle(layer, [.. layer.Select(_ => 0.0)]);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var layer in down ? _layers : _layers.Reverse())
            {
                Settle(layer, [.. layer.Select(node =>
                {
                    var near = down ? _above[node] : _below[node];
                    return near.Count > 0 ? near.Average(other => _x[other]) : _x[node];
                })]);
            }
        }

        var left = _boxes.Select((box, i) => _x[i] - box.Left).DefaultIfEmpty(0).Min();
        for (var i = 0; i < _x.Length; i++)
        {
            _x[i] -= left;
        }
    }

    /// <summary>
    /// The places next to the wished ones, in the sense of least squares, that leave each box its room: the method of
    /// pooling adjacent violators.
    /// </summary>
    private void Settle(List<int> layer, double[] wished)
    {
        var offsets = new double[layer.Count];
        var blocks = new Stack<(double Mean, int Count)>();
        for (var i = 0; i < layer.Count; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + _boxes[layer[i - 1]].Right + BoxGap + _boxes[layer[i]].Left;
            var block = (Mean: wished[i] - offsets[i], Count: 1);
            while (blocks.TryPeek(out var before) && before.Mean > block.Mean)
            {
                blocks.Pop();
                block = ((before.Mean * before.Count + block.Mean * block.Count) / (before.Count + block.Count), before.Count + block.Count);
            }

            blocks.Push(block);
        }

        var position = 0;
        foreach (var (mean, count) in blocks.Reverse())
        {
            for (var end = position + count; position < end; position++)
            {
                _x[layer[position]] = mean + offsets[position];
            }
        }
    }
}

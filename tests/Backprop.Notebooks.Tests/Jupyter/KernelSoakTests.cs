using System.Globalization;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>A kernel that is used for a long time.</summary>
public sealed class KernelSoakTests
{
    /// <summary>What people run again and again: definitions, displays, prints, errors.</summary>
    private static readonly string[] s_cells =
    [
        "using System.Globalization; var data = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();",
        "double Square(double x) => x * x;",
        "var sum = 0.0; foreach (var x in data) { sum += Square(x); }",
        "Console.WriteLine(sum.ToString(CultureInfo.InvariantCulture));",
        "sum",
        "record Point(double X, double Y);",
        "var points = data.Select(x => new Point(x, Square(x))).ToList();",
        "points.Count.Display(); HTML(\"<b>many</b>\").Display();",
        "points[10_000]",
        "does not compile",
        "var (first, last) = (points[0], points[^1]); $\"{first} {last}\"",
        "sum += 1; sum",
        "const int Few = 10; var pairs = data.Take(Few).Select(x => new { x, Squared = Square(x) }).ToList();",
        "pairs[^1]",
    ];

    /// <summary>Gives back all that can be given back: a free region of the collector, of 32 MB, is no memory that a session keeps.</summary>
    private const string Collect = "GC.Collect(2, GCCollectionMode.Aggressive, true, true);";

    private static readonly int s_count = Sample.IsLong ? 600 : 200;

    [Fact]
    public async Task The_memory_stays_flat_through_many_cells()
    {
        await using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var memory = new List<(double Heap, double Process)>();
        for (var i = 0; i < s_count; i++)
        {
            var cell = i % s_cells.Length;
            Assert.Equal(cell is 8 or 9 ? "error" : "ok", client.Run(s_cells[cell]).Status);
            if ((i + 1) % (s_count / 4) == 0)
            {
                var heap = client.Run($"{Collect} GC.WaitForPendingFinalizers(); {Collect} GC.GetTotalMemory(false)").Result;
                kernel.Process.Refresh();
                memory.Add((double.Parse(heap!, CultureInfo.InvariantCulture) / 1e6, kernel.Process.WorkingSet64 / 1e6));
                TestContext.Current.TestOutputHelper?.WriteLine($"after {i + 1} cells: heap {memory[^1].Heap:0.0} MB, process {memory[^1].Process:0} MB");
            }
        }

        // The first quarter warms up; the others may add what their history takes, and the compiler's cache of syntax, which
        // has an end. A session that keeps all its cells takes two gigabytes more after 800.
        Assert.InRange(memory[^1].Heap - memory[0].Heap, double.NegativeInfinity, 8);
        Assert.InRange(memory[^1].Process - memory[0].Process, double.NegativeInfinity, 30);
        Assert.Equal("True", client.Run("sum > 0 && points.Count == 1000").Result);
    }
}

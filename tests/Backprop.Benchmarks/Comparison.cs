using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Spectre.Console;

namespace Backprop.Benchmarks;

/// <summary>Ours against NumPy, side by side: the two in turn, several times, and the ratio of the medians.</summary>
internal static class Comparison
{
    private const int PythonOrNumpyMissing = 2;

    private const string ByHand = "5-two-layer-network-by-hand";
    private const string Automatic = "3-two-layer-network-autodiff";

    private static readonly Work[] s_works =
    [
        new("notebook 5, by hand", 300, 100, 10_000, 0.4, ByHand),
        new("notebook 5, in .NET Interactive", 300, 100, 10_000, 1.0, ByHand) { InInteractive = true },
        new("by hand, in place", 300, 100, 10_000, 0.25, null) { LayerByLayer = true },
        new("notebook 3, automatic differentiation", 300, 100, 10_000, 0.3, Automatic),
        new("notebook 2, softmax regression", 300, 0, 200, 0.5, "2-softmax-regression"),
        new("TwoLayerNetwork.Train", 300, 100, 10_000, 0.09, null),
        new("TwoLayerNetwork.Train, logistic", 300, 100, 10_000, 0.2, null) { Nonlinearity = "logistic" },
        new("TwoLayerNetwork.Train, tanh", 300, 100, 10_000, 0.2, null) { Nonlinearity = "tanh" },
        new("notebook 5, by hand", 3_000, 300, 200, 1.0, ByHand),
        new("notebook 5, in .NET Interactive", 3_000, 300, 200, 1.0, ByHand) { InInteractive = true },
        new("by hand, in place", 3_000, 300, 200, 0.35, null) { LayerByLayer = true },
        new("notebook 3, automatic differentiation", 3_000, 300, 200, 0.4, Automatic),
        new("TwoLayerNetwork.Train", 3_000, 300, 200, 0.08, null),
        new("TwoLayerNetwork.Train, one core", 3_000, 300, 200, 0.12, null) { Cores = 1 },
        new("notebook 5, by hand", 9_999, 1_000, 20, 1.0, ByHand),
        new("notebook 5, in .NET Interactive", 9_999, 1_000, 20, 1.0, ByHand) { InInteractive = true },
        new("by hand, in place", 9_999, 1_000, 20, 0.35, null) { LayerByLayer = true },
        new("notebook 3, automatic differentiation", 9_999, 1_000, 20, 0.4, Automatic),
        new("TwoLayerNetwork.Train", 9_999, 1_000, 20, 0.06, null),
        new("TwoLayerNetwork.Train, one core", 9_999, 1_000, 20, 0.12, null) { Cores = 1 },
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the figures into this file.", HelpName = "file" };
        var runs = new Option<int>("--runs") { Description = "How often each is run.", DefaultValueFactory = _ => 5 };
        var only = new Option<string>("--only") { Description = "Only work whose name has this in it.", HelpName = "text", DefaultValueFactory = _ => "" };
        var command = new RootCommand("Times our training loops and NumPy's, alternately.") { json, runs, only };
        runs.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--runs takes a number from 1.");
            }
        });
        command.SetAction((parsed, _) => CompareAsync(parsed.GetValue(runs), parsed.GetValue(only)!, parsed.GetValue(json)));
        return await command.Parse([.. arguments]).InvokeAsync();
    }

    private static async Task<int> CompareAsync(int runs, string only, FileInfo? json)
    {
        if (NumpyTraining.Find() is not { } numpy)
        {
            Console.Error.WriteLine("There is no Python with NumPy here to compare with. Install both (on Debian: apt-get install python3-numpy libopenblas0-pthread), or name the interpreter in the environment variable PYTHON.");
            return PythonOrNumpyMissing;
        }

        var machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, .NET {Environment.Version}, NumPy {numpy.Version}";
        Console.WriteLine(machine);
        var results = new List<Result>();
        var limit = 0.0;
        foreach (var work in s_works.Where(work => work.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            // The best of all measurements: between them the machine may have been busy.
            limit = Math.Max(limit, Limit.MultiplyAddsPerSecond());
            if (await CompareAsync(work, numpy, runs) is not { } result)
            {
                Console.WriteLine($"{work.Name}: left out, as there is no dotnet-interactive here. Install it (dotnet tool install --global Microsoft.dotnet-interactive), or name it in the environment variable DOTNET_INTERACTIVE.");
                continue;
            }

            results.Add(result);
            Console.WriteLine($"{work.Name}, {work.Points} points × {work.Hidden} hidden: {results[^1].Ratio:F3} of NumPy's time");
        }

        Console.WriteLine($"One core's multiply-adds: {limit / 1e9:F1} billion a second");
        AnsiConsole.Write(TableOf(results, limit));
        if (json is not null)
        {
            var text = JsonSerializer.Serialize(new { machine, runs, multiplyAddsPerSecond = limit, results }, new JsonSerializerOptions { WriteIndented = true });
            await File.WriteAllTextAsync(json.FullName, text);
        }

        return 0;
    }

    private static async Task<Result?> CompareAsync(Work work, NumpyTraining numpy, int runs)
    {
        var (first, again, oneThread, twoThreads) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            if ((work.Notebook is null ? Trainer(work) : await LessonCell.SecondsAsync(work)) is not { } ours)
            {
                return null;
            }

            first.Add(ours.First);
            again.Add(ours.Again);
            oneThread.Add(numpy.Seconds(work, threads: 1));
            twoThreads.Add(numpy.Seconds(work, threads: 2));
        }

        return new Result(work, Median(first), Median(again), Median(oneThread), Median(twoThreads));
    }

    private static (double First, double Again) Trainer(Work work)
    {
        var usual = Cores.AtMost;
        Cores.AtMost = work.Cores;
        var seconds = (Seconds(), Seconds());
        Cores.AtMost = usual;
        return seconds;

        double Seconds()
        {
            var random = new NumpyRandom(0);
            var (X, y) = Spiral.Generate(random, work.Points / 3);
            var network = TwoLayerNetwork.Initialize(random, 2, work.Hidden, 3, 0.01, work.Nonlinearity switch
            {
                "logistic" => Nonlinearity.Logistic,
                "tanh" => Nonlinearity.Tanh,
                _ => Nonlinearity.Relu,
            });
            var watch = Stopwatch.StartNew();
            if (work.LayerByLayer)
            {
                var training = new LayeredTraining(network, X, y);
                for (var i = 0; i < work.Iterations; i++)
                {
                    training.Step(1, 1e-3);
                }
            }
            else
            {
                network.Train(X, y, work.Iterations);
            }

            return watch.Elapsed.TotalSeconds;
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static Table TableOf(IEnumerable<Result> results, double limit)
    {
        // Wide enough for every cell on one line, where the output goes to a file too.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 140);
        var table = new Table().AddColumns("work", "points × hidden", "iterations", "ours, s", "again, s", "NumPy, s", "ratio", "at most", "limit, s", "× limit");
        foreach (var result in results)
        {
            var work = result.Work;
            table.AddRow(
                work.Name,
                work.IsSoftmax ? $"{work.Points}" : $"{work.Points} × {work.Hidden}",
                $"{work.Iterations}",
                $"{result.Ours:F3}",
                $"{result.OursAgain:F3}",
                $"{result.Numpy:F3}",
                $"{result.Ratio:F3}",
                $"{work.AtMost:F2}",
                $"{work.MultiplyAdds / limit:F3}",
                $"{result.OursAgain / (work.MultiplyAdds / limit):F1}");
        }

        return table;
    }

    /// <summary>Medians, in seconds.</summary>
    private sealed record Result(Work Work, double Ours, double OursAgain, double NumpyOneThread, double NumpyTwoThreads)
    {
        public double Numpy => Math.Min(NumpyOneThread, NumpyTwoThreads);

        /// <summary>Of the second run: the first one also pays for compiling to machine code.</summary>
        public double Ratio => OursAgain / Numpy;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Backprop.Benchmarks;

/// <summary>The same training loops in NumPy, each run in a Python process of its own.</summary>
internal sealed class NumpyTraining
{
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "numpy_training.py");

    private readonly string _python;

    private NumpyTraining(string python, string version) => (_python, Version) = (python, version);

    /// <summary>NumPy's version.</summary>
    public string Version { get; }

    /// <summary>Finds a Python that has NumPy: the one that the environment variable PYTHON names, otherwise one of the usual names.</summary>
    /// <returns>Null where there is none.</returns>
    public static NumpyTraining? Find()
    {
        string[] candidates = Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? [named] : ["python3", "/usr/bin/python3", "python"];
        foreach (var python in candidates)
        {
            if (Run(python, 1, "-c", "import numpy; print(numpy.__version__)") is { } version)
            {
                return new NumpyTraining(python, version.Trim());
            }
        }

        return null;
    }

    /// <summary>Seconds that the loop took, with OpenBLAS on so many threads.</summary>
    public double Seconds(Work work, int threads)
    {
        var said = Run(
            _python,
            threads,
            s_script,
            work.IsSoftmax ? "softmax" : "two-layer",
            work.Points.ToString(CultureInfo.InvariantCulture),
            work.Hidden.ToString(CultureInfo.InvariantCulture),
            work.Iterations.ToString(CultureInfo.InvariantCulture),
            work.Nonlinearity)
            ?? throw new InvalidOperationException($"{s_script} failed in {_python}.");
        return JsonDocument.Parse(said).RootElement.GetProperty("seconds").GetDouble();
    }

    private static string? Run(string python, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        try
        {
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            complaints.Wait();
            return process.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

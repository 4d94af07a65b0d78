using System.Diagnostics;
using Backprop.Notebooks.Tests.Lessons;

[assembly: AssemblyFixture(typeof(Backprop.Notebooks.Tests.Jupyter.InstalledKernel))]

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>
/// The kernel, installed by the real command into a folder of its own the first time that a test asks for it, and a
/// Python with Jupyter to use it. Nothing of the user's Jupyter is touched. Where there is no Jupyter, a test is
/// skipped, or fails when REQUIRE_JUPYTER=1.
/// </summary>
public sealed class InstalledKernel : IAsyncDisposable
{
    public const string Name = "backprop-csharp";

    private static readonly string[] s_modules = ["notebook", "nbconvert", "jupyter_console", "jupyter_kernel_test"];
    private static readonly Lazy<string?> s_python = new(FindPython);

    private readonly string _folder = Directory.CreateTempSubdirectory("installed kernel ").FullName;
    private readonly SemaphoreSlim _one = new(1);
    private bool _isInstalled;

    /// <summary>What <c>--prefix</c> is given.</summary>
    public string Prefix => Path.Combine(_folder, "a prefix");

    /// <summary>The folder of the kernelspec.</summary>
    public string Spec => Path.Combine(Prefix, "share", "jupyter", "kernels", Name);

    /// <summary>Installs the kernel, once.</summary>
    public async Task InstallAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (!_isInstalled)
            {
                var result = await Sample.CommandAsync("kernel", "install", "--prefix", Prefix);
                Assert.True(result.ExitCode == 0, result.Output + result.Error);
                _isInstalled = true;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What starts a module of Python, such as <c>nbconvert</c>, that finds the kernel.</summary>
    public async Task<ProcessStartInfo> CommandAsync(string workingDirectory, params string[] arguments)
    {
        var python = Python();
        await InstallAsync();
        var start = new ProcessStartInfo(python, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JUPYTER_PATH"] = Path.Combine(Prefix, "share", "jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(_folder, "config");
        start.Environment["JUPYTER_DATA_DIR"] = Path.Combine(_folder, "data");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(_folder, "runtime");
        start.Environment["IPYTHONDIR"] = Path.Combine(_folder, "ipython");
        start.Environment["PYTHONWARNINGS"] = "ignore";
        return start;
    }

    /// <summary>Starts such a module.</summary>
    public async Task<Process> StartAsync(string workingDirectory, params string[] arguments) => Process.Start(await CommandAsync(workingDirectory, arguments))!;

    /// <summary>Runs a module of Python to its end, and gives it lines to read.</summary>
    public async Task<CommandResult> RunAsync(string workingDirectory, string input, params string[] arguments)
    {
        using var process = await StartAsync(workingDirectory, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _one.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A Python that has Jupyter.</summary>
    internal static string Python()
    {
        if (s_python.Value is { } python)
        {
            return python;
        }

        var reason = $"No Python with {string.Join(", ", s_modules)} was found (the environment variable PYTHON may name one).";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("REQUIRE_JUPYTER") == "1", reason);
        throw new InvalidOperationException(reason);
    }

    // The system's own is often not the first on the PATH.
    private static string? FindPython() =>
        new[] { Environment.GetEnvironmentVariable("PYTHON"), "/usr/bin/python3", "python3", "python" }.OfType<string>().FirstOrDefault(HasJupyter);

    private static bool HasJupyter(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import " + string.Join(", ", s_modules)]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such command.
            return false;
        }
    }
}

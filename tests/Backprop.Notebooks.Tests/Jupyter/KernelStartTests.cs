using System.Diagnostics;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>How soon an installed kernel answers.</summary>
[Collection(SideBySide.Alone)]
public sealed class KernelStartTests(InstalledKernel kernel)
{
    [Fact]
    public async Task The_installed_kernel_is_ready_within_two_seconds()
    {
        await kernel.InstallAsync();
        await using (var first = new KernelProcess(program: Path.Combine(kernel.Spec, "bin", "Backprop.Notebooks.dll")))
        {
            // Once, to have the files in memory.
            using var waiting = new KernelClient(first);
        }

        var watch = Stopwatch.StartNew();
        await using var process = new KernelProcess(program: Path.Combine(kernel.Spec, "bin", "Backprop.Notebooks.dll"));
        using var client = new KernelClient(process);
        var ready = watch.Elapsed;
        Assert.Equal("2", client.Run("1 + 1").Result);
        TestContext.Current.TestOutputHelper?.WriteLine($"ready after {ready.TotalSeconds:0.00} s, the first cell done after {watch.Elapsed.TotalSeconds:0.00} s");

        Assert.InRange(ready.TotalSeconds, 0, 2);
    }
}

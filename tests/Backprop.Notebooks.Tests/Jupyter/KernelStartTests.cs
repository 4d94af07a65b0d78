using System.Diagnostics;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>How soon an installed kernel answers.</summary>
[Collection(SideBySide.Alone)]
public sealed class KernelStartTests(InstalledKernel kernel)
{
    [Fact]
    public async Task The_installed_kernel_is_ready_while_its_compiler_gets_going()
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
        // A fourth or a fifth of it, in fact.
        Assert.InRange(ready / watch.Elapsed, 0, 0.5);
    }
}

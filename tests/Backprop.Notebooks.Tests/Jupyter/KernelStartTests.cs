namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>How soon an installed kernel answers.</summary>
[Collection(SideBySide.Alone)]
public sealed class KernelStartTests(InstalledKernel kernel)
{
    [Fact]
    public async Task The_installed_kernel_is_ready_while_its_compiler_gets_going()
    {
        await kernel.InstallAsync();
        // The first has the files brought into memory.
        var ratios = new List<double>();
        while (ratios.Count < 3 && !ratios.Any(ratio => ratio < 0.5))
        {
            ratios.Add(await StartAsync());
        }

        Assert.Contains(ratios, ratio => ratio < 0.5);
    }

    // The time until it answers, in parts of that until its first cell is done.
    private async Task<double> StartAsync()
    {
        var started = DateTime.UtcNow;
        await using var process = new KernelProcess(program: Path.Combine(kernel.Spec, "bin", "Backprop.Notebooks.dll"));
        using var client = new KernelClient(process);
        Assert.Equal("2", client.Run("1 + 1").Result);
        return (client.FirstAnswer!.Value - started) / (DateTime.UtcNow - started);
    }
}

using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>What an installed kernel consists of.</summary>
public sealed class KernelSpecTests(InstalledKernel kernel)
{
    [Fact]
    public async Task The_installed_specification_starts_a_published_copy_by_absolute_paths()
    {
        await kernel.InstallAsync();

        var spec = (JsonObject)Json.TryParse(await File.ReadAllTextAsync(Path.Combine(kernel.Spec, "kernel.json"), TestContext.Current.CancellationToken))!;
        var arguments = ((JsonArray)spec["argv"]!).Select(argument => (string)argument!).ToList();
        Assert.True(File.Exists(arguments[0]), arguments[0]);
        Assert.Equal([Path.Combine(kernel.Spec, "bin", "Backprop.Notebooks.dll"), "kernel", "run", "{connection_file}"], arguments[1..]);
        Assert.Equal(("C# (Backprop)", "C#", OperatingSystem.IsWindows() ? "message" : "signal"), (spec.Text("display_name"), spec.Text("language"), spec.Text("interrupt_mode")));
        Assert.Equal(["bin", "kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], Directory.EnumerateFileSystemEntries(kernel.Spec).Select(Path.GetFileName).Order());
        Assert.Equal([kernel.Spec], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(kernel.Spec)!));
    }
}

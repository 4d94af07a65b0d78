using Backprop.Notebooks.Jupyter;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>What kernel install refuses, and what uninstall and list do. The folders are the tests' own.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class KernelInstallationTests : IDisposable
{
    private readonly string _jupyter = Directory.CreateTempSubdirectory("jupyter data ").FullName;
    private readonly string? _before = Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", _before);
        Directory.Delete(_jupyter, recursive: true);
    }

    [Fact]
    public async Task A_name_that_another_kernel_has_is_refused_wherever_that_kernel_is()
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", _jupyter);
        var other = Other(".net-csharp");

        var result = await Sample.CommandAsync("kernel", "install", "--name", ".net-csharp", "--prefix", Path.Combine(_jupyter, "elsewhere"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"Another kernel has the name .net-csharp: {other}", result.Error);
        Assert.False(Directory.Exists(Path.Combine(_jupyter, "elsewhere")));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("..")]
    public async Task A_name_that_Jupyter_would_not_take_is_refused(string name)
    {
        var result = await Sample.CommandAsync("kernel", "install", "--name", name, "--prefix", _jupyter);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("only letters, digits", result.Error);
    }

    [Fact]
    public async Task Only_our_own_kernel_is_removed()
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", _jupyter);
        var (other, ours) = (Other("python4"), Ours("mine"));

        var refused = await Sample.CommandAsync("kernel", "uninstall", "--name", "python4");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("was not installed by this program", refused.Error);
        Assert.True(Directory.Exists(other));

        Assert.Equal(0, (await Sample.CommandAsync("kernel", "uninstall", "--name", "mine")).ExitCode);
        Assert.False(Directory.Exists(ours));

        Assert.Contains("No kernel mine is installed", (await Sample.CommandAsync("kernel", "uninstall", "--name", "mine")).Error);
    }

    [Fact]
    public async Task The_list_shows_all_kernels_which_are_ours_and_what_is_broken()
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", _jupyter);
        Other("python4");
        Ours("mine");

        var lines = (await Sample.CommandAsync("kernel", "list")).Output.Split('\n');

        Assert.Contains(lines, line => line.Contains("python4") && line.Contains("Another") && !line.Contains("this program"));
        Assert.Contains(lines, line => line.Contains("mine") && line.Contains("C# (Backprop)"));
        Assert.Contains("install again", string.Concat(lines));
    }

    [Fact]
    public async Task One_place_is_chosen_and_not_two()
    {
        var result = await Sample.CommandAsync("kernel", "install", "--user", "--prefix", _jupyter);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Choose one of --user, --sys-prefix and --prefix", result.Error);
    }

    [Fact]
    public void The_active_environment_of_Python_is_the_system_prefix()
    {
        var active = Environment.GetEnvironmentVariable("VIRTUAL_ENV");
        try
        {
            Environment.SetEnvironmentVariable("VIRTUAL_ENV", _jupyter);
            Assert.Equal(_jupyter, JupyterFolders.PythonPrefix());
            Assert.Contains(Path.Combine(_jupyter, "share", "jupyter"), JupyterFolders.All());
        }
        finally
        {
            Environment.SetEnvironmentVariable("VIRTUAL_ENV", active);
        }
    }

    private string Other(string name) => Write(name, """{"argv": ["python", "-m", "other", "{connection_file}"], "display_name": "Another", "language": "python"}""");

    private string Ours(string name) => Write(name, KernelSpec.Ours(Path.Combine(_jupyter, "kernels", name), "dotnet").ToText());

    private string Write(string name, string specification)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_jupyter, "kernels", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "kernel.json"), specification);
        return folder;
    }
}

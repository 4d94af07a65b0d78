using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests;

/// <summary>Whatever the command writes, a notebook that it was given is still there afterwards, and can be read.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class KeptNotebooksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("note books ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_notebook_whose_folder_is_the_output_folder_by_another_name()
    {
        var notebook = Sample.Write(Path.Combine(_folder, "own"), "a", "1 + 1");
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, Path.Combine(_folder, "own"));
        var text = await File.ReadAllTextAsync(notebook, TestContext.Current.CancellationToken);

        var result = await Sample.CommandAsync(notebook, "--output", link, "--no-build");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(text, await File.ReadAllTextAsync(notebook, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(link, "a.html")));
    }

    [Fact]
    public async Task A_notebook_in_the_output_folder_where_another_has_its_name()
    {
        var (other, own) = (Sample.Write(Path.Combine(_folder, "other"), "a", "\"other\""), Sample.Write(Path.Combine(_folder, "own"), "a", "\"own\""));

        var result = await Sample.CommandAsync(other, own, "--output", Path.GetDirectoryName(own)!, "--no-build", "--parallel", "1");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("\"own\"", Notebook.Load(own).CodeCells[0].Source);
        Assert.Equal("\"other\"", Notebook.Load(Path.Combine(_folder, "own", "other-a.ipynb")).CodeCells[0].Source);
    }

    [Fact]
    public async Task A_notebook_that_shows_half_of_a_character()
    {
        var notebook = Sample.Write(_folder, "a", "foreach (var c in \"A\U0001F600\") Console.WriteLine(c);", "var half = \"\\ud83d\"; half");

        for (var turn = 0; turn < 2; turn++)
        {
            var result = await Sample.CommandAsync(notebook, "--output", Path.Combine(_folder, "out"), "--update", "--no-build");
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }

        Assert.Equal(new StreamOutput("stdout", "A\n\uFFFD\n\uFFFD\n"), Notebook.Load(notebook).CodeCells[0].Outputs.Single());
    }

    [Theory]
    [InlineData("""{"a": "\\ud83d"}""", "\\ud83d")]
    [InlineData("""{"a": "\ud83d\ude00 \uD83D\uDE00"}""", "\U0001F600 \U0001F600")]
    [InlineData("""{"a": "\ud83d \ude00\ud83d"}""", "\uFFFD \uFFFD\uFFFD")]
    public void Half_a_character_in_JSON_is_replaced_and_nothing_else(string json, string value) =>
        Assert.Equal(value, (string?)Json.TryParse(Json.WholeCharacters(json))!["a"]);
}

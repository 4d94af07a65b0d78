using Backprop.Notebooks.Jupyter;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>What is kept from one installation of a kernel for the next.</summary>
public sealed class BuildFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("a project ").FullName;

    private string Project => Path.Combine(_folder, "Some.csproj");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_build_that_succeeded_is_gone_on_from()
    {
        var first = Build(succeeds: true);

        using var next = BuildFolder.For(Project, Packages("one"));
        Assert.Equal(first, next.FullName);
        Assert.StartsWith(_folder, first);
        Assert.True(File.Exists(Path.Combine(next.FullName, "made")));
    }

    [Fact]
    public void Of_a_build_that_did_not_come_to_its_end_nothing_is_left()
    {
        Build(succeeds: true);
        Build(succeeds: false);

        AssertEmpty(Packages("one"));
    }

    [Fact]
    public void With_other_packages_nothing_is_left_of_what_was_made_with_these()
    {
        Build(succeeds: true);

        AssertEmpty(Packages("two"));
    }

    [Fact]
    public void Who_comes_while_it_is_in_use_has_a_folder_elsewhere_which_is_gone_afterwards()
    {
        using var one = BuildFolder.For(Project, Packages("one"));
        string elsewhere;
        using (var other = BuildFolder.For(Project, Packages("one")))
        {
            elsewhere = other.FullName;
            Assert.NotEqual(one.FullName, elsewhere);
            Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
            other.Keep();
        }

        Assert.False(Directory.Exists(elsewhere));
        Assert.True(Directory.Exists(one.FullName));
    }

    [Fact]
    public void Where_the_projects_folder_cannot_be_written_there_is_one_elsewhere()
    {
        // For a user who may write everywhere: a file stands where the folder should be.
        File.WriteAllText(Path.Combine(_folder, "obj"), "");

        using var elsewhere = BuildFolder.For(Project, Packages("one"));

        Assert.False(elsewhere.FullName.StartsWith(_folder, StringComparison.Ordinal));
        Assert.True(Directory.Exists(elsewhere.FullName));
    }

    private string Build(bool succeeds)
    {
        using var folder = BuildFolder.For(Project, Packages("one"));
        File.WriteAllText(Path.Combine(folder.FullName, "made"), "");
        if (succeeds)
        {
            folder.Keep();
        }

        return folder.FullName;
    }

    private void AssertEmpty(string packages)
    {
        using var folder = BuildFolder.For(Project, packages);
        Assert.StartsWith(_folder, folder.FullName);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.FullName));
    }

    private string Packages(string text)
    {
        var file = Path.Combine(_folder, "packages.deps.json");
        File.WriteAllText(file, text);
        return file;
    }
}

using Backprop.Notebooks.Live;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>What was typed and not saved.</summary>
public class DraftsTests
{
    [Fact]
    public void Nothing_typed_is_kept_without_a_folder_and_what_is_typed_until_it_is_taken_back()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory().FullName, "drafts");
        var drafts = new Drafts("notebook.ipynb", folder);

        drafts.Write(new Dictionary<string, string>());
        Assert.False(Directory.Exists(folder));

        drafts.Write(new Dictionary<string, string> { ["a"] = "1 + 1" });
        Assert.Equal("1 + 1", drafts.Read()["a"]);

        drafts.Write(new Dictionary<string, string>());
        Assert.Empty(drafts.Read());
    }
}

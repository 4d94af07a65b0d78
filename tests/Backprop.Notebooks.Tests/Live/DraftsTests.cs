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

        drafts.Write(new Dictionary<string, Draft>());
        Assert.False(Directory.Exists(folder));

        drafts.Write(new Dictionary<string, Draft> { ["a"] = new("1 + 1", "1") });
        Assert.Equal(new("1 + 1", "1"), drafts.Read()["a"]);

        drafts.Write(new Dictionary<string, Draft>());
        Assert.Empty(drafts.Read());

        // What version 1.0 wrote, and what no version did.
        foreach (var written in new[] { """{"a":"1 + 1"}""", """{"a":{}}""", "[]", "{" })
        {
            drafts.Write(new Dictionary<string, Draft> { ["a"] = new("1", "1") });
            File.WriteAllText(Assert.Single(Directory.GetFiles(folder)), written);
            Assert.Equal(written.Contains("1 + 1") ? new Draft("1 + 1", null) : null, drafts.Read().GetValueOrDefault("a"));
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Live;

/// <summary>
/// What was typed into a notebook's cells and not saved, kept in the user's own data folder: a closed tab or a stopped
/// server loses nothing, and nothing is written beside the notebook. With it the text that a notebook had before it was
/// saved here for the first time.
/// </summary>
/// <param name="notebook">The notebook's file.</param>
/// <param name="folder">Where drafts are kept; null for the user's own.</param>
internal sealed class Drafts(string notebook, string? folder = null)
{
    private readonly string _file = Path.Combine(
        folder ?? Folder,
        $"{Path.GetFileNameWithoutExtension(notebook)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(notebook))))[..12]}");

    private static string Folder => Environment.GetEnvironmentVariable("BACKPROP_DRAFTS") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data ? data : Path.GetTempPath(), "backprop", "drafts");

    /// <summary>What was typed into cells, by their id.</summary>
    public IReadOnlyDictionary<string, Draft> Read()
    {
        try
        {
            // In version 1.0 a draft was its text alone.
            return (JsonNode.Parse(File.ReadAllText(_file + ".json"))?.AsObject() ?? [])
                .Select(entry => (entry.Key, Draft: entry.Value is JsonValue text ? new((string)text!, null) : entry.Value?.Deserialize<Draft>()))
                .Where(entry => entry.Draft?.Text is not null)
                .ToDictionary(entry => entry.Key, entry => entry.Draft!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return new Dictionary<string, Draft>();
        }
    }

    /// <summary>Keeps these and forgets all others.</summary>
    public void Write(IReadOnlyDictionary<string, Draft> cells)
    {
        if (cells.Count > 0)
        {
            AtomicFile.Write(_file + ".json", JsonSerializer.Serialize(cells));
        }
        else if (File.Exists(_file + ".json"))
        {
            File.Delete(_file + ".json");
        }
    }

    /// <summary>The notebook's text before it was first saved here; null where it never was.</summary>
    public string? Original => File.Exists(_file + ".ipynb") ? File.ReadAllText(_file + ".ipynb") : null;

    /// <summary>Keeps the text that a notebook has before it is saved.</summary>
    public void KeepOriginal(string text)
    {
        if (!File.Exists(_file + ".ipynb"))
        {
            AtomicFile.Write(_file + ".ipynb", text);
        }
    }
}

/// <summary>What was typed into a cell.</summary>
/// <param name="Text">The text.</param>
/// <param name="Over">The text that the file had in its place; null where that is not known.</param>
internal sealed record Draft(string Text, string? Over);

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Documents;

/// <summary>The names of cells, which nbformat asks for since 4.5. A cell that has one keeps it for ever.</summary>
internal static class CellIds
{
    private const int Length = 8;

    /// <summary>Gives the cells that have no id one that no other cell has. It is made of the cell's text, so that it does not depend on when that is done.</summary>
    public static void AddMissing(JsonObject notebook)
    {
        if (notebook["cells"] is not JsonArray cells || !WantsIds(notebook))
        {
            return;
        }

        var taken = cells.OfType<JsonObject>().Select(cell => cell.Text("id")).OfType<string>().ToHashSet();
        foreach (var cell in cells.OfType<JsonObject>().Where(cell => cell.Text("id") is null))
        {
            var text = $"{cell.Text("cell_type")}\n{Lines.Join(cell["source"]).ReplaceLineEndings("\n")}";
            var id = Of(text);
            for (var again = 1; !taken.Add(id); again++)
            {
                id = Of($"{text}\n{again}");
            }

            cell["id"] = id;
        }
    }

    // Before 4.5 a cell must not have one.
    private static bool WantsIds(JsonObject notebook) =>
        notebook["nbformat_minor"] is JsonValue minor && minor.GetValueKind() == JsonValueKind.Number && minor.TryGetValue<int>(out var number) && number >= 5;

    private static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Length];
}

using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>The cells that were run since the kernel started. Nothing is kept longer.</summary>
internal sealed class History
{
    /// <summary>The one session that there is; clients may also say 0 for it.</summary>
    private const int Session = 1;

    private readonly List<(int Number, string Code, string? Result)> _entries = [];

    public void Add(int number, string code, string? result) => _entries.Add((number, code, result));

    /// <summary>Answers a history_request.</summary>
    public JsonObject Answer(JsonObject request)
    {
        var count = request.Number("n") is { } n ? (int)Math.Clamp(n, 0, int.MaxValue) : int.MaxValue;
        var start = request.Number("start") ?? 0;
        var stop = request.Number("stop") ?? long.MaxValue;
        var pattern = request.Text("pattern") ?? "*";
        var found = request.Text("hist_access_type") switch
        {
            "tail" => _entries.TakeLast(count),
            "range" => request.Number("session") is null or 0 or Session ? _entries.Where(entry => entry.Number >= start && entry.Number < stop) : [],
            "search" => Search(pattern, request.Flag("unique") ?? false).TakeLast(count),
            _ => [],
        };
        var withResults = request.Flag("output") ?? false;
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. found.Select(entry => (JsonNode)new JsonArray(
                Session,
                entry.Number,
                withResults ? new JsonArray(entry.Code, entry.Result) : entry.Code))]),
        };
    }

    // Of cells that are the same the last one counts.
    private IEnumerable<(int Number, string Code, string? Result)> Search(string pattern, bool isUnique)
    {
        var found = _entries.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Code, ignoreCase: false));
        return isUnique ? found.GroupBy(entry => entry.Code).Select(same => same.Last()).OrderBy(entry => entry.Number) : found;
    }
}

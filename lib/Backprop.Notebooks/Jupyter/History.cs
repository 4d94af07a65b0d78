using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>The cells that were run since the kernel started, the oldest forgotten when they come to much. Nothing is kept longer.</summary>
internal sealed class History
{
    /// <summary>The one session that there is; clients may also say 0 for it.</summary>
    private const int Session = 1;

    private const int LargestText = 5_000_000;

    private readonly Queue<(int Number, string Code, string? Result)> _entries = [];
    private long _length;

    public void Add(int number, string code, string? result)
    {
        _entries.Enqueue((number, code, result));
        _length += Length((number, code, result));
        while (_length > LargestText)
        {
            _length -= Length(_entries.Dequeue());
        }
    }

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

    private static int Length((int Number, string Code, string? Result) entry) => entry.Code.Length + (entry.Result?.Length ?? 0);

    // Of cells that are the same the last one counts.
    private IEnumerable<(int Number, string Code, string? Result)> Search(string pattern, bool isUnique)
    {
        var found = _entries.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Code, ignoreCase: false));
        return isUnique ? found.GroupBy(entry => entry.Code).Select(same => same.Last()).OrderBy(entry => entry.Number) : found;
    }
}

using System.Text.Json.Nodes;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Answers what a client asks while its user types.</summary>
internal sealed class Assistance
{
    private readonly CodeAssistant _assistant = new();

    /// <summary>Answers a complete_request.</summary>
    public async Task<JsonObject> CompleteAsync(SessionSnapshot session, JsonObject request)
    {
        var (code, position) = Place(request);
        var found = await _assistant.CompleteAsync(session, code, position);
        var (start, end) = (CodePoints.FromIndex(code, found.Start), CodePoints.FromIndex(code, found.End));
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)match.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)new JsonObject
                {
                    ["text"] = match.Text,
                    ["type"] = match.Kind,
                    ["signature"] = match.Signature,
                    ["start"] = start,
                    ["end"] = end,
                })]),
            },
        };
    }

    /// <summary>Answers an inspect_request.</summary>
    public async Task<JsonObject> InspectAsync(SessionSnapshot session, JsonObject request)
    {
        var (code, position) = Place(request);
        var text = await _assistant.InspectAsync(session, code, position, isDetailed: request.Number("detail_level") > 0);
        return new()
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? [] : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Answers an is_complete_request.</summary>
    public static JsonObject IsComplete(JsonObject request)
    {
        var found = Completeness.Of(request.Code());
        var answer = new JsonObject { ["status"] = found.Status };
        if (found.Status == "incomplete")
        {
            answer["indent"] = found.Indent;
        }

        return answer;
    }

    private static (string Code, int Position) Place(JsonObject request)
    {
        var code = request.Code();
        return (code, CodePoints.ToIndex(code, request.Number("cursor_pos") ?? code.Length));
    }
}

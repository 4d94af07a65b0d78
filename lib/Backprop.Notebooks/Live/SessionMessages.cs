using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>What the server asks of a session's process; one line of JSON.</summary>
/// <param name="Id">What the answers to it are known by.</param>
/// <param name="Do"><c>run</c>, <c>stop</c>, <c>complete</c>, <c>inspect</c>, <c>check</c>, <c>members</c> or <c>script</c>.</param>
/// <param name="Code">The cell's text, or the address of a script.</param>
/// <param name="Name">What stack traces call the cell.</param>
/// <param name="Position">Where in the code.</param>
/// <param name="Watch">Variables of which the session shall say whether the cell changed them, or what they lead to.</param>
internal sealed record SessionRequest(
    int Id, string Do, string Code = "", string Name = "", int Position = 0, IReadOnlyList<string>? Watch = null);

/// <summary>What a session's process says; one line of JSON.</summary>
/// <param name="Id">The request that it belongs to.</param>
internal sealed record SessionReply(int Id)
{
    /// <summary>The answer is complete; only what a cell has left running may still show something.</summary>
    public bool IsDone { get; init; }

    /// <summary>Something that the cell shows.</summary>
    public CellOutput? Output { get; init; }

    /// <summary>Why the cell did not come to its end.</summary>
    public CellFailure? Failure { get; init; }

    /// <summary>The cell was stopped.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Of the variables to watch, those that the cell changed.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>How the code can go on.</summary>
    public Completions? Completions { get; init; }

    /// <summary>What stands at a place in the code, or a script.</summary>
    public string? Text { get; init; }

    /// <summary>What is wrong with the code.</summary>
    public IReadOnlyList<CodeProblem>? Problems { get; init; }

    /// <summary>Values that could stand in the place of an expression.</summary>
    public IReadOnlyList<string>? Members { get; init; }
}

/// <summary>How the messages are written.</summary>
internal static class SessionMessages
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Running;

/// <summary>
/// Holds what a cell shows against what is stored in the notebook. Text is compared line by line. Two things are only
/// expected to be there: the times of <c>#!time</c>, which no two runs share, and drawings (HTML with a script), whose
/// many digits are the processor's as much as the notebook's.
/// </summary>
internal static partial class OutputComparison
{
    /// <summary>True when nothing differs but the times of <c>#!time</c>.</summary>
    public static bool AreSame(IReadOnlyList<CellOutput> stored, IReadOnlyList<CellOutput> now) =>
        stored.Select(Exact).SequenceEqual(now.Select(Exact));

    /// <summary>True when the text is the same.</summary>
    public static bool AreEqual(IReadOnlyList<CellOutput> stored, IReadOnlyList<CellOutput> now) => Text(stored).SequenceEqual(Text(now));

    /// <summary>The lines that differ, <c>-</c> for stored and <c>+</c> for now, with a line of context around them.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<CellOutput> stored, IReadOnlyList<CellOutput> now)
    {
        var (before, after) = (Text(stored), Text(now));
        var start = 0;
        while (start < before.Count && start < after.Count && before[start] == after[start])
        {
            start++;
        }

        var (endBefore, endAfter) = (before.Count, after.Count);
        while (endBefore > start && endAfter > start && before[endBefore - 1] == after[endAfter - 1])
        {
            endBefore--;
            endAfter--;
        }

        if (start > 0)
        {
            yield return "  " + before[start - 1];
        }

        foreach (var line in Diff(before[start..endBefore], after[start..endAfter]))
        {
            yield return line;
        }

        if (endBefore < before.Count)
        {
            yield return "  " + before[endBefore];
        }
    }

    // The longest common subsequence; where that would take too long, all of one and then all of the other.
    private static IEnumerable<string> Diff(List<string> before, List<string> after)
    {
        if ((long)before.Count * after.Count > 4_000_000)
        {
            return [.. before.Select(line => "- " + line), .. after.Select(line => "+ " + line)];
        }

        var length = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                length[i, j] = before[i] == after[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
            {
                lines.Add("  " + before[i++]);
                j++;
            }
            else if (j == after.Count || (i < before.Count && length[i + 1, j] >= length[i, j + 1]))
            {
                lines.Add("- " + before[i++]);
            }
            else
            {
                lines.Add("+ " + after[j++]);
            }
        }

        return lines;
    }

    private static List<string> Text(IReadOnlyList<CellOutput> outputs) =>
        [.. outputs.SelectMany(Text).Select(line => WallTime().Replace(line, "Wall time: (not compared)"))];

    private static string? Exact(CellOutput output) =>
        output.ToJson() is { } json ? WallTimeInJson().Replace(Json.Write(json), "") : null;

    private static IEnumerable<string> Text(CellOutput output) => output switch
    {
        StreamOutput stream => LinesOf(stream.Text).Select(line => stream.Name == "stdout" ? line : $"{stream.Name}: {line}"),
        ErrorOutput error => LinesOf($"{error.Name}: {error.Message}"),
        DisplayOutput display => display.Data.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry =>
            entry.Key == "text/html" && entry.Value.Contains("<script", StringComparison.OrdinalIgnoreCase) ? ["(a drawing)"]
            : entry.Key.StartsWith("text/", StringComparison.Ordinal) ? LinesOf(entry.Value)
            : [$"({entry.Key})"]),
        _ => [],
    };

    private static string[] LinesOf(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    [GeneratedRegex("(?<=\"Wall time: )[0-9.]+ms")]
    private static partial Regex WallTimeInJson();

    [GeneratedRegex(@"^Wall time: .*$")]
    private static partial Regex WallTime();
}

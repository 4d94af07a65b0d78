using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Jupyter;

/// <summary>A failure in the terminal's colours, which every client shows in its own.</summary>
internal static class Traceback
{
    private const string Red = "\e[31m";
    private const string Cyan = "\e[36m";
    private const string Plain = "\e[39m";

    public static IEnumerable<string> Of(CellFailure failure)
    {
        var (first, rest) = failure.Message.IndexOf('\n') is > 0 and var end ? (failure.Message[..end], failure.Message[end..]) : (failure.Message, "");
        yield return failure.Name == "Error" ? $"{Red}{first}{Plain}{rest}" : $"{Red}{failure.Name}{Plain}: {first}{rest}";
        if (failure.Line is { } line)
        {
            yield return $"  {Cyan}line {line}:{Plain} {failure.SourceLine?.Trim()}";
        }

        foreach (var more in failure.Traceback)
        {
            yield return $"  {more}";
        }
    }
}

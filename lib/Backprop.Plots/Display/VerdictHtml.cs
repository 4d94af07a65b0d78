using System.Net;

namespace Backprop.Plots;

/// <summary>The verdict on an exercise as a line of HTML, with a bar whose colour shows on light and on dark pages.</summary>
internal static class VerdictHtml
{
    public static string Of(Verdict verdict)
    {
        var (colour, sign) = verdict.Progress switch
        {
            Progress.Right => ("#2da44e", "✓"),
            Progress.Wrong => ("#d1592e", "✗"),
            _ => ("#8c959f", "…"),
        };
        return $"<p style=\"margin:0;padding:.3em .8em;border-left:4px solid {colour}\"><span aria-hidden=\"true\">{sign}</span> {WebUtility.HtmlEncode(verdict.ToString())}</p>";
    }
}

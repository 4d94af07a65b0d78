using System.Globalization;
using System.Net;
using System.Text;

namespace Backprop.Plots;

/// <summary>The table of a gradient check as HTML.</summary>
internal static class GradientCheckHtml
{
    public static string Of(GradientCheckTable table)
    {
        var html = new StringBuilder("<table>\n<thead><tr>");
        foreach (var head in (string[])["parameter", "largest absolute difference", "largest relative difference", "at", "given there", "approximated there"])
        {
            html.Append($"<th>{head}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr style=\"white-space: nowrap\"><td>{WebUtility.HtmlEncode(row.Parameter)}</td><td>{row.LargestAbsolute:0.00e+00}</td><td>{row.LargestRelative:0.00e+00}</td>");
            html.Append(CultureInfo.InvariantCulture, $"<td>[{row.Row}, {row.Column}]</td><td>{row.Given:0.00000e+00}</td><td>{row.Approximate:0.00000e+00}</td></tr>\n");
        }

        return html.Append("</tbody>\n</table>").ToString();
    }
}

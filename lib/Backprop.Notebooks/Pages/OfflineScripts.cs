using System.Text;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>
/// Scripts that a page's outputs would fetch from the network and that a library has on hand: it offers them with
/// <c>AppContext.SetData("offline:" + url, (Func&lt;string&gt;)(() => script))</c>, and a page that mentions the address
/// gets the script in its head, once.
/// </summary>
internal static partial class OfflineScripts
{
    public static string For(IEnumerable<CellOutput> outputs)
    {
        var head = new StringBuilder();
        var addresses = outputs.OfType<DisplayOutput>()
            .SelectMany(display => display.Data.TryGetValue("text/html", out var html) ? Addresses().Matches(html) : Enumerable.Empty<Match>())
            // Inside a script's JSON a slash may be escaped.
            .Select(match => match.Value.Replace("\\/", "/"))
            .Distinct();
        foreach (var address in addresses)
        {
            if (AppContext.GetData("offline:" + address) is Func<string> script)
            {
                head.Append("<script>").Append(EndOfScript().Replace(script(), "<\\/$1")).Append("</script>\n");
            }
        }

        return head.ToString();
    }

    [GeneratedRegex(@"https?:\\?/\\?/[^\s""'<>)]+?\.js\b")]
    private static partial Regex Addresses();

    [GeneratedRegex("</(script)", RegexOptions.IgnoreCase)]
    private static partial Regex EndOfScript();
}

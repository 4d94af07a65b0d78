using System.Text;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Pages;

/// <summary>
/// Scripts that a page's outputs would fetch from the network and that a library has on hand: it offers them with
/// <c>AppContext.SetData("offline:" + url, (Func&lt;string&gt;)(() => script))</c>, and a page gets the script once,
/// before the first output that mentions the address. What stands above it can be read while the script is read in.
/// </summary>
internal sealed partial class OfflineScripts
{
    private readonly HashSet<string> _known = [];

    /// <summary>The scripts that an output needs and that no output before it has brought, as HTML.</summary>
    public string Before(CellOutput output)
    {
        if (output is not DisplayOutput { Data: var data } || !data.TryGetValue("text/html", out var html))
        {
            return "";
        }

        var scripts = new StringBuilder();
        // Inside a script's JSON a slash may be escaped.
        foreach (var address in Addresses().Matches(html).Select(match => match.Value.Replace("\\/", "/")).Where(_known.Add))
        {
            if (Find(address) is { } script)
            {
                scripts.Append("<script>").Append(EndOfScript().Replace(script, "<\\/$1")).Append("</script>\n");
            }
        }

        return scripts.ToString();
    }

    /// <summary>The script that a library has on hand for an address; else null.</summary>
    public static string? Find(string address) => AppContext.GetData("offline:" + address) is Func<string> script ? script() : null;

    [GeneratedRegex(@"https?:\\?/\\?/[^\s""'<>)]+?\.js\b")]
    private static partial Regex Addresses();

    [GeneratedRegex("</(script)", RegexOptions.IgnoreCase)]
    private static partial Regex EndOfScript();
}

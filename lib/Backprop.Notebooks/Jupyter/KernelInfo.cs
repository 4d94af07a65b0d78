using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    public static JsonObject Answer()
    {
        var version = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3);
        return new()
        {
            ["status"] = "ok",
            ["protocol_version"] = Message.ProtocolVersion,
            ["implementation"] = "backprop-csharp",
            ["implementation_version"] = version,
            ["language_info"] = new JsonObject
            {
                // As notebooks call the language of their cells: VS Code writes it into each cell of a notebook that differs.
                ["name"] = "csharp",
                ["version"] = LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString(),
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["banner"] = $"C# on .NET {Environment.Version} (Backprop {version})",
            ["debugger"] = false,
            ["help_links"] = new JsonArray(),
        };
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Backprop.Notebooks.Pages;

/// <summary>Markdown cells as HTML, C# in them coloured, their formulas as MathML, which browsers draw without a script or a font from elsewhere.</summary>
internal static partial class MarkdownText
{
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseMathematics().Build();

    public static string ToHtml(string markdown)
    {
        var text = new StringWriter();
        var renderer = new HtmlRenderer(text);
        s_pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new InlineFormula());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new BlockFormula());
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new Code());
        renderer.Render(Markdown.Parse(OwnLines(markdown), s_pipeline));
        return text.ToString();
    }

    // Notebooks write $$…$$ inside a paragraph and across lines, editors show it as a block; Markdig wants it on lines of its own.
    private static string OwnLines(string markdown) =>
        string.Concat(Fences().Split(markdown).Select((piece, index) =>
            index % 2 == 1 ? piece : Display().Replace(piece, match => $"\n\n$$\n{match.Groups[1].Value.Trim()}\n$$\n\n")));

    private static string Formula(string tex, bool display) => TexMath.ToMathML(tex, display)
        ?? $"<code class=\"tex\">{WebUtility.HtmlEncode(display ? $"$${tex}$$" : $"${tex}$")}</code>";

    // Code, in which a dollar is a dollar.
    [GeneratedRegex(@"(^```[\s\S]*?^```|`[^`\n]+`)", RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(?<!\\)\$\$([\s\S]+?)\$\$")]
    private static partial Regex Display();

    private sealed class Code : CodeBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            if (obj is not FencedCodeBlock { Info: "csharp" or "cs" or "c#" or "C#" })
            {
                base.Write(renderer, obj);
                return;
            }

            renderer.EnsureLine().Write("<pre><code>").Write(CodeColours.ToHtml(obj.Lines.ToString())).Write("</code></pre>\n");
        }
    }

    private sealed class InlineFormula : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj) => renderer.Write(Formula(obj.Content.ToString(), display: false));
    }

    private sealed class BlockFormula : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj) =>
            renderer.Write("<div class=\"math-block\">").Write(Formula(obj.Lines.ToString().Trim(), display: true)).Write("</div>\n");
    }
}

using System.Xml.Linq;
using Backprop.Notebooks.Pages;

namespace Backprop.Notebooks.Tests;

[Collection(SideBySide.InThisProcess)]
public sealed class PageTests
{
    [Fact]
    public async Task A_script_that_a_library_has_on_hand_is_in_the_page_once_before_what_needs_it_and_not_in_the_notebook()
    {
        var notebook = Sample.Copy("offline-script");

        var result = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook));

        Assert.Equal(0, result.ExitCode);
        var page = File.ReadAllText(Path.Combine(Sample.Artifacts(notebook), "offline-script.html"));
        // What stands above can be read before the script has run.
        var parts = page.Split("<script>window.charts = '<\\/script>';</script>\n");
        Assert.Equal(2, parts.Length);
        Assert.EndsWith("</code></pre></div>\n", parts[0]);
        Assert.StartsWith("<div class=\"output\"><div></div>", parts[1]);
        Assert.DoesNotContain("<\\/script", File.ReadAllText(Path.Combine(Sample.Artifacts(notebook), "offline-script.ipynb")));
    }

    [Theory]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData(@"\frac{1}{m}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>m</mi></mrow></mfrac>")]
    [InlineData(@"\sum_{i=1}^m", "<munderover>")]
    [InlineData(@"\lambda \odot \top", "<mi>λ</mi><mo>⊙</mo><mi mathvariant=\"normal\">⊤</mi>")]
    [InlineData(@"\mathbb{R}^{m \times h}", "<mi mathvariant=\"normal\">ℝ</mi>")]
    [InlineData(@"\mathbf{1}", "<mn>𝟏</mn>")]
    [InlineData(@"-\log p", "<mo form=\"prefix\">−</mo><mi>log</mi><mspace width=\"0.167em\"></mspace><mi>p</mi>")]
    [InlineData(@"\text{if } z > 0", "<mtext>if\u00a0</mtext>")]
    [InlineData(@"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "<mtr><mtd><mrow><mn>3</mn></mrow></mtd><mtd><mrow><mn>4</mn></mrow></mtd></mtr>")]
    [InlineData(@"\begin{aligned} a &= b \\ c &= d \\ \end{aligned}", "displaystyle=\"true\"")]
    [InlineData(@"g'(z)", "<mi>g</mi><mo lspace=\"0\" rspace=\"0\">′</mo>")]
    [InlineData(@"2 \cdot (-1)", "<mo stretchy=\"false\">(</mo><mo form=\"prefix\">−</mo><mn>1</mn>")]
    [InlineData(@"\left( \frac{a}{b} \right)", "<mo stretchy=\"true\">(</mo>")]
    [InlineData(@"\hat{y} \bar{x} \sqrt{2} \sqrt[3]{2}", "<mroot>")]
    [InlineData(@"\frac{\partial L}{\partial W_1} = X^\top \frac{\partial L}{\partial Z_1}, \quad i = 1, \ldots, m;\; \max_j s_{ij}", "<mi mathvariant=\"normal\">∂</mi>")]
    public void Formulas_become_well_formed_MathML(string tex, string part)
    {
        var math = TexMath.ToMathML(tex, display: true);

        Assert.NotNull(math);
        Assert.Contains(part, math);
        _ = XElement.Parse(math);
    }

    [Theory]
    [InlineData(@"\frac{1}")]
    [InlineData("{x")]
    [InlineData("x}")]
    [InlineData(@"\begin{bmatrix} 1")]
    [InlineData(@"\left( x")]
    [InlineData(@"x^")]
    [InlineData(@"\")]
    [InlineData(@"\mathbf")]
    [InlineData(@"\mathrm")]
    public void What_cannot_be_read_is_left_to_be_shown_as_source(string tex)
    {
        Assert.Null(TexMath.ToMathML(tex, display: false));
        Assert.Null(TexMath.ToMathML(string.Concat(Enumerable.Repeat("{", 100_000)), display: false));
        Assert.Null(TexMath.ToMathML(string.Concat(Enumerable.Repeat(@"\sqrt", 100_000)), display: false));
        Assert.Null(TexMath.ToMathML(string.Concat(Enumerable.Repeat("x^", 100_000)), display: false));
        Assert.Null(TexMath.ToMathML(string.Concat(Enumerable.Repeat(@"a\over ", 100_000)), display: false));
    }

    [Fact]
    public void Markdown_has_its_formulas_inline_and_as_blocks_and_leaves_code_alone()
    {
        var html = MarkdownText.ToHtml("A $x$ and $$y$$ and `$z$`.\n\n```\n$$w$$\n```\n\n$\\foo{$");

        Assert.Contains("<math><mrow><mi>x</mi></mrow></math>", html);
        Assert.Contains("<div class=\"math-block\"><math display=\"block\"><mrow><mi>y</mi></mrow></math></div>", html);
        Assert.Contains("<code>$z$</code>", html);
        Assert.Contains("$$w$$", html);
        Assert.Contains("<code class=\"tex\">$\\foo{$</code>", html);
    }

    [Fact]
    public void A_folded_solution_is_folded_and_its_code_coloured()
    {
        var html = MarkdownText.ToHtml("<details><summary>Solution</summary>\n\n```csharp\nvar a = X < 2;\n```\n\nWith $x$.\n\n</details>");

        Assert.Contains("<details><summary>Solution</summary>", html);
        Assert.Contains("<pre><code><span class=\"keyword\">var</span> a = X &lt; <span class=\"number\">2</span>;", html);
        Assert.Contains("<math>", html);
        Assert.EndsWith("</details>", html.TrimEnd());
    }

    [Fact]
    public void Code_in_Markdown_that_is_not_CSharp_is_left_as_it_is() =>
        Assert.Contains("<code class=\"language-text\">var a --&gt; b", MarkdownText.ToHtml("```text\nvar a --> b\n```"));

    [Fact]
    public void Code_is_coloured_and_loses_nothing()
    {
        const string Code = "#r \"x.dll\"\nvar s = $\"a {1 + 2} <b>\"; // c";

        var html = CodeColours.ToHtml(Code);

        Assert.Contains("<span class=\"keyword\">var</span>", html);
        Assert.Contains("<span class=\"number\">1</span>", html);
        Assert.Contains("<span class=\"comment\">// c</span>", html);
        Assert.Equal(Code, XElement.Parse($"<pre>{html}</pre>").Value);
    }

    [Fact]
    public async Task The_index_says_what_there_is_with_a_line_a_picture_and_the_time_for_each_notebook()
    {
        var notebook = Sample.Copy("displays");
        var json = File.ReadAllText(notebook).Replace("\"cells\": [", """
            "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": "# Shapes\n\nWhat a *square* is, and [more](other.ipynb).\n\n- not this"},
              {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": "display(HTML(\"x\"));\nMicrosoft.DotNet.Interactive.Formatting.Formatter.Register<System.Uri>((u, w) => w.Write(\"<svg xmlns='http://www.w3.org/2000/svg' />\"), \"image/svg+xml\");\ndisplay(new System.Uri(\"http://a.b\"), \"image/svg+xml\");"},
            """);
        File.WriteAllText(notebook, json);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(notebook)!, "README.md"), "# Geometry\n\n![a picture](a.png)\n\nAll about **shapes**.\n\nNot this.\n");

        await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook));

        var index = File.ReadAllText(Path.Combine(Sample.Artifacts(notebook), "index.html"));
        Assert.Contains("<h1>Geometry</h1>", index);
        Assert.Contains("<p>All about <strong>shapes</strong>.</p>", index);
        Assert.DoesNotContain("ot this", index);
        Assert.Contains("<p>What a <em>square</em> is, and more.</p>", index);
        Assert.Contains("src=\"data:image/svg+xml;base64,", index);
        Assert.Contains("about 5 minutes", index);
    }
}

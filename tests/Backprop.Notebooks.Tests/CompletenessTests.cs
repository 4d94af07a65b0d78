using Backprop.Notebooks.Completion;

namespace Backprop.Notebooks.Tests;

public sealed class CompletenessTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1 + 1")]
    [InlineData("var x = 1;")]
    [InlineData("if (true)\n{\n}")]
    [InlineData("// a comment")]
    [InlineData("#!time")]
    [InlineData("#!time\nvar x = 1;")]
    [InlineData("#r \"nuget: MathNet.Numerics\"")]
    [InlineData("#!markdown\n# A title (with a bracket")]
    [InlineData("nothing.Known()")]
    [InlineData("\"a { in a string\"")]
    public void What_can_run_is_complete(string cell) => Assert.Equal(new("complete"), Completeness.Of(cell));

    [Theory]
    [InlineData("if (true) {", "    ")]
    [InlineData("for (;;) {\n    x += 1;", "    ")]
    [InlineData("for (;;) {\n    if (true) {", "        ")]
    [InlineData("for (;;) {\n    if (true) {\n    }\n", "    ")]
    [InlineData("Console.WriteLine(\n    1,", "    ")]
    [InlineData("var x = 1 +", "")]
    [InlineData("var x = 1", "")]
    [InlineData("x.", "")]
    [InlineData("/* a comment", "")]
    [InlineData("var s = @\"some {", "")]
    [InlineData("var s = \"\"\"\nsome", "")]
    [InlineData("$\"{x", "    ")]
    [InlineData("try { }", "")]
    [InlineData("int F(int a)", "")]
    [InlineData("#if DEBUG\n", "")]
    [InlineData("#!time\nif (true) {", "    ")]
    public void What_further_lines_can_complete_is_incomplete(string cell, string indent) =>
        Assert.Equal(new("incomplete", indent), Completeness.Of(cell));

    [Theory]
    [InlineData("}")]
    [InlineData("foo)")]
    [InlineData("f(x]")]
    [InlineData("var 1x = 2;")]
    [InlineData("x = = 1;")]
    [InlineData("var x = 1\nvar y = 2;")]
    [InlineData("for (;;) {\n    x += ;")]
    // A string in plain quotes ends on its line.
    [InlineData("var s = \"some")]
    [InlineData("'a")]
    public void What_no_further_line_can_mend_is_invalid(string cell) => Assert.Equal(new("invalid"), Completeness.Of(cell));
}

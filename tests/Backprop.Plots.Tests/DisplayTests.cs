using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Plots.Tests;

/// <summary>What a notebook shows after <c>Notebook.Setup()</c>.</summary>
[Collection(nameof(DisplayTests))]
public class DisplayTests
{
    private static readonly Matrix<double> s_large = Matrix<double>.Build.Dense(300, 20, (i, j) => i + j / 100.0);

    public DisplayTests() => Notebook.Setup();

    [Fact]
    public void A_matrix_without_rows_is_its_shape()
    {
        Assert.Equal("Matrix 0 × 3\n", Matrix<double>.Build.Dense(0, 3).ToDisplayString("text/plain"));
        Assert.Equal("Variable 0 × 3\n", new Variable(Matrix<double>.Build.Dense(0, 3)).ToDisplayString("text/plain"));
    }

    [Fact]
    public void A_chart_is_displayed_as_its_HTML() =>
        Assert.Equal(ChartHtml.Of(Sample.Loss), Sample.Loss.ToDisplayString("text/html"));

    [Fact]
    public void Beside_its_HTML_a_chart_has_a_picture_for_viewers_that_run_no_script() => Assert.All(Sample.All, chart =>
    {
        var svg = chart.ToDisplayString("image/svg+xml");

        var root = System.Xml.Linq.XDocument.Parse(svg).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.InRange(root.Descendants().Count(), 10, 2000);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("∞", svg);
        Assert.InRange(svg.Length, 500, 20_000);
        Assert.Equal(svg, chart.ToDisplayString("image/svg+xml"));
        Assert.Contains("image/svg+xml", Formatter.GetPreferredMimeTypesFor(chart.GetType()));
    });

    [Fact]
    public void The_picture_of_a_chart_shows_every_region_and_every_point()
    {
        var svg = Sample.Model.ToDisplayString("image/svg+xml");

        Assert.All(Enumerable.Range(0, 3), k =>
        {
            Assert.Contains($"fill=\"{ClassStyle.Tint(k)}\"", svg);
            Assert.Contains($"stroke=\"{ClassStyle.Colour(k)}\"", svg);
        });
        Assert.Equal(300, Regex.Count(svg, "h0"));
    }

    [Fact]
    public void A_computation_graph_is_displayed_as_its_picture()
    {
        var graph = Sample.TracedLoss();

        Assert.Equal(ChartHtml.Of(Graph.Draw(graph)), graph.ToDisplayString("text/html"));
        Assert.Equal("Computation graph of 27 nodes", graph.ToDisplayString("text/plain"));
    }

    [Fact]
    public void Setting_up_again_changes_nothing()
    {
        Notebook.Setup();
        Notebook.Setup();

        Assert.Equal(ChartHtml.Of(Sample.Loss), Sample.Loss.ToDisplayString("text/html"));
    }

    [Fact]
    public void A_large_matrix_is_shown_by_its_shape_and_its_corners()
    {
        var html = s_large.ToDisplayString("text/html");

        Assert.Contains("Matrix 300 × 20", html);
        Assert.Contains("…", html);
        Assert.Contains("299.1900", html);
        Assert.InRange(Regex.Count(html, "<tr>"), 5, 12);
        Assert.InRange(html.Length, 500, 6000);
    }

    [Fact]
    public void A_verdict_is_one_line_whose_bar_says_how_far_the_exercise_is()
    {
        var right = new Verdict(2, Progress.Right, "");
        var wrong = new Verdict(2, Progress.Wrong, "a < b.");

        Assert.Equal("Exercise 2: right.", right.ToDisplayString("text/plain"));
        Assert.Contains("✓</span> Exercise 2: right.</p>", right.ToDisplayString("text/html"));
        Assert.Contains("✗</span> Exercise 2: not right yet. a &lt; b.</p>", wrong.ToDisplayString("text/html"));
    }

    [Fact]
    public void A_small_matrix_is_shown_whole()
    {
        var text = Matrix<double>.Build.DenseOfArray(new[,] { { 1, -0.5, 1e-9 }, { double.NaN, 0, 123456.75 } }).ToDisplayString("text/plain");

        Assert.StartsWith("Matrix 2 × 3\n", text);
        Assert.Contains("-0.5000", text);
        Assert.Contains("1.000e-09", text);
        Assert.Contains("NaN", text);
        Assert.DoesNotContain("…", text);
    }

    [Fact]
    public void A_vector_is_shown_by_its_length_and_its_ends()
    {
        var html = Vector<double>.Build.Dense(100, i => i).ToDisplayString("text/html");

        Assert.Contains("Vector 100", html);
        Assert.Contains("<td style=\"text-align:right\">99</td>", html);
        Assert.Contains("…", html);
    }

    [Fact]
    public void A_gradient_check_is_a_table_with_a_row_a_parameter()
    {
        var W = Matrix<double>.Build.Dense(1, 1, 3);
        var table = GradientCheck.Compare(() => W[0, 0] * W[0, 0], [new CheckedParameter("W", W, W * 2), new CheckedParameter("W again", W, W)]);

        var html = table.ToDisplayString("text/html");

        Assert.Equal(3, Regex.Count(html, "<tr"));
        Assert.Contains("W again", html);
        Assert.Equal(table.ToString(), table.ToDisplayString("text/plain"));
    }

    public static TheoryData<object, string> Values => new()
    {
        { new Variable(s_large), "Variable 300 × 20" },
        { Sample.Points, "300 points: 100 of class 0, 100 of class 1, 100 of class 2" },
        { (Sample.Points.X, Sample.Points.y), "300 points: 100 of class 0" },
        { new Mesh([0, 1, 2.5], [-1, 1]), "Mesh 2 × 3: 6 points, x from 0 to 2.5, y from -1 to 1" },
        { Sample.Network, "Two-layer network: 2 inputs, 20 hidden units (ReLU), 3 classes, 123 numbers" },
        { Nonlinearity.Tanh, "Tanh" },
        { Gradient.Grad((W, b) => Primitives.Sum(W + b)), "Function (Matrix" },
        { (Func<Matrix<double>, int[], double>)((S, y) => 0), "Function (Matrix S, int[] y) → double" },
        { (Action)(() => { }), "Function () → nothing" },
        { GradientCheck.Compare(() => 0, [new CheckedParameter("W", s_large.SubMatrix(0, 1, 0, 1), s_large.SubMatrix(0, 1, 0, 1))]).Rows, "largest absolute difference" },
        { GradientCheck.Compare(() => 0, [new CheckedParameter("W", s_large.SubMatrix(0, 1, 0, 1), s_large.SubMatrix(0, 1, 0, 1))]).Rows[0], "largest absolute difference" },
        { (s_large, s_large), "Matrix 300 × 20" },
        { (0.5, s_large, "text"), "Matrix 300 × 20" },
        { new[] { s_large, s_large }, "Matrix 300 × 20" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_has_a_form_for_readers(object value, string expected)
    {
        var html = System.Net.WebUtility.HtmlDecode(value.ToDisplayString("text/html"));
        var text = value.ToDisplayString("text/plain");

        Assert.Contains(expected, html);
        Assert.All(new[] { html, text }, form =>
        {
            Assert.DoesNotContain("System.", form);
            Assert.DoesNotContain("Backprop.", form);
            Assert.DoesNotContain("MathNet", form);
            Assert.DoesNotContain("\\n", form);
            Assert.DoesNotContain("Item1", form);
            Assert.DoesNotContain("<details", form);
        });
    }

    [Fact]
    public void A_variable_of_a_call_that_is_over_says_so()
    {
        Variable? kept = null;
        Gradient.Grad(w => Primitives.Sum(kept = w * 2))(s_large);

        Assert.Contains("its numbers are gone", kept!.ToDisplayString("text/html"));
    }

    [Fact]
    public void Numbers_print_with_a_point() => Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.DefaultThreadCurrentCulture);

    [Fact]
    public void Offline_setup_carries_plotly_js_once()
    {
        var html = Notebook.Setup(offline: true).ToDisplayString("text/html");

        Assert.InRange(html.Length, PlotlyJs.Text.Length, PlotlyJs.Text.Length + 1000);
        Assert.Equal(1, Regex.Count(html, Regex.Escape($"plotly.js v{PlotlyJs.Version}")));
        Assert.InRange(Notebook.Setup().ToDisplayString("text/html").Length, 1, 200);
    }

    [Fact]
    public void Whoever_makes_a_page_finds_the_script_under_its_address()
    {
        var offered = Assert.IsType<Func<string>>(AppContext.GetData("offline:" + PlotlyJs.Address));

        Assert.Equal(PlotlyJs.Text, offered());
    }
}

using Backprop.Notebooks.Live;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>Which cells run when a setting or a cell is new.</summary>
public class DependenciesTests
{
    private static readonly string[] s_lesson =
    [
        "using System;",                                                                      // 0
        "var h = 10;\nvar stepSize = 0.5;\nvar meshStep = 0.1;",                              // 1 the settings
        "Check(new { h, stepSize, meshStep });\nvar random = new Random(1);\nvar X = Points(random);", // 2 the data
        "X.Draw()",                                                                           // 3
        "var W = random.Next(h);\nfor (var i = 0; i < 3; i++) { W -= stepSize * i; }",        // 4 the training
        "double Scores(double x) => x * W;",                                                  // 5
        "Plot(Scores, X, meshStep)",                                                          // 6 the regions
        "var i = 7; i",                                                                       // 7 a name of its own
    ];

    [Fact]
    public void A_setting_runs_what_uses_it_and_what_depends_on_that_and_nothing_else() =>
        Assert.Equal([1, 2, 4, 5, 6], PlanOf(s_lesson, name: "stepSize"));

    [Fact]
    public void A_statement_that_only_looks_at_a_setting_makes_nothing_else_of_its_cell_new() =>
        Assert.Equal([1, 2, 6], PlanOf(s_lesson, name: "meshStep"));

    [Fact]
    public void What_a_cell_was_seen_to_change_is_made_anew_before_it_runs_again()
    {
        // The training draws random numbers: with another step size it must draw the same ones.
        var cells = Cells(s_lesson);
        cells[4] = cells[4] with { Changed = new HashSet<string> { "random" } };

        Assert.Equal([1, 2, 3, 4, 5, 6], Dependencies.Plan(cells, [], ["stepSize"]));
        Assert.Equal([2, 4], Dependencies.Plan(cells, [4], [], follow: false));
    }

    [Fact]
    public void What_a_cell_assigns_to_is_made_anew_before_it_runs_again() =>
        Assert.Equal([0, 2, 3], PlanOf(["var W = 1.0;", "var rate = 0.1;", "for (var i = 0; i < 10; i++) { W *= rate; }", "W"], cell: 2));

    [Fact]
    public void Cells_that_were_never_run_run_first_where_they_are_needed()
    {
        var cells = Cells(s_lesson, hasRun: false);

        Assert.Equal([0, 1, 2, 3], Dependencies.Plan(cells, [3], [], follow: false));
        Assert.Equal([0, 7], Dependencies.Plan(cells, [7], [], follow: false));
    }

    [Fact]
    public void What_a_function_names_must_be_there_before_it_is_declared()
    {
        var cells = Cells(s_lesson, hasRun: false);

        Assert.Equal([0, 1, 2, 4, 5], Dependencies.Plan(cells, [5], [], follow: false));
        // It is there: the function will find it when it is called.
        cells[4] = cells[4] with { HasRun = true };
        Assert.Equal([0, 5], Dependencies.Plan(cells, [5], [], follow: false));
    }

    [Fact]
    public void A_cell_that_is_out_of_date_runs_before_what_needs_it()
    {
        var cells = Cells(["var x = 5;", "var y = x * 2;", "y", "x"]);

        Assert.Equal([2], Dependencies.Plan(cells, [2], [], follow: false));
        cells[1] = cells[1] with { IsOutOfDate = true };
        Assert.Equal([1, 2], Dependencies.Plan(cells, [2], [], follow: false));
        Assert.Equal([3], Dependencies.Plan(cells, [3], [], follow: false));
    }

    [Theory]
    [InlineData("list.Add(1);")]
    [InlineData("list?.Add(1);")]
    [InlineData("for (var i = 0; i < 3; i++) { list.Select(x => x).ToArray()[0].Clear(); }")]
    [InlineData("void Fill() { list.Add(1); }\nFill();")]
    public void A_method_that_is_called_for_its_effect_runs_before_what_looks_at_its_object(string call)
    {
        var cells = Cells(["var list = new List<int>();", "var other = 1;", call, "list.Count"], hasRun: false);

        Assert.Equal([0, 2, 3], Dependencies.Plan(cells, [3], [], follow: false));
        // What it was not seen to change, it does not change.
        cells[2] = cells[2] with { HasRun = true };
        Assert.Equal([0, 3], Dependencies.Plan(cells, [3], [], follow: false));
        cells[2] = cells[2] with { IsOutOfDate = true };
        Assert.Equal([0, 2, 3], Dependencies.Plan(cells, [3], [], follow: false));
    }

    [Theory]
    [InlineData("list.Select(x => x).ToArray()")]
    [InlineData("var n = list.Count();")]
    [InlineData("Console.WriteLine(list.Count());")]
    [InlineData("Print(list);")]
    public void A_method_whose_result_is_used_changes_nothing_until_it_is_seen_to(string call) =>
        Assert.Equal([0, 2], Dependencies.Plan(Cells(["var list = new List<int>();", call, "list.Count"], hasRun: false), [2], [], follow: false));

    [Fact]
    public void A_method_that_is_called_on_its_first_argument_runs_before_the_call()
    {
        string[] cells = ["var n = 2;", "static double Times(this double x) => x * n;", "double Twice(double x) => x.Times();", "Twice(3)"];

        Assert.Equal([0, 1, 2, 3], Dependencies.Plan(Cells(cells, hasRun: false), [3], [], follow: false));
        Assert.Equal([0, 1, 2, 3], PlanOf(cells, name: "n"));
    }

    [Theory]
    [InlineData("double Twice() => 2 * W;", "Twice()")]
    [InlineData("double Twice => 2 * W;", "Twice")]
    [InlineData("Func<double> twice = () => 2 * W;", "twice()")]
    [InlineData("var twice = (double x) => x * W;", "twice(2)")]
    public void What_changes_what_a_function_looks_at_runs_before_the_function_is_called(string function, string call)
    {
        var cells = Cells(["var W = 1.0;", function, "for (var i = 0; i < 3; i++) W += i;", call]);
        var fresh = cells.Select(cell => cell with { HasRun = false }).ToList();

        Assert.Equal([0, 1, 2, 3], Dependencies.Plan(fresh, [3], [], follow: false));
        Assert.Equal([3], Dependencies.Dependents(cells, 2));
    }

    [Fact]
    public void A_function_depends_on_what_it_uses_when_it_is_called()
    {
        var cells = Cells(["var W = 1.0;", "double Twice() => 2 * W;\nvoid Grow() { W += 1; }", "Grow();", "Twice()", "W"]);

        // What it changes is made anew first, and the functions know the new one.
        cells[2] = cells[2] with { Changed = new HashSet<string> { "W" } };
        Assert.Equal([0, 1, 2, 3, 4], Dependencies.Plan(cells, [2], []));
        Assert.Equal([1, 2, 3], PlanOf(["var W = 1.0;", "var factor = 2;", "double Times() => factor * W;", "Times()", "W"], cell: 1));
    }

    [Fact]
    public void A_type_of_a_cell_that_was_seen_to_be_compiled_again_is_another_type()
    {
        var cells = Cells(["var n = 1;", "Check(n);\nrecord P(double X);", "double Twice(P p) => 2 * p.X;", "n"]);

        Assert.Equal([0, 1, 3], Dependencies.Plan(cells, [], ["n"]));
        cells[1] = cells[1] with { Changed = new HashSet<string> { "P" } };
        Assert.Equal([0, 1, 2, 3], Dependencies.Plan(cells, [], ["n"]));
    }

    [Theory]
    [InlineData("var list = new List<int>();\nfor (var i = 0; i < n; i++) { list.Add(i); }")]
    [InlineData("var list = new List<int>();\nvoid Fill(int count) { list.Add(count); }\nFill(n);")]
    [InlineData("var list = new[] { 0 };\nvoid Fill(int count) { list[0] = count; }\nFill(n);")]
    [InlineData("var list = new[] { 0 };\nArray.Fill(list, n);")]
    public void What_a_cell_has_put_into_its_own_variable_is_new_with_what_it_was_made_of(string cell) =>
        Assert.Equal([0, 1, 2], PlanOf(["var n = 3;", cell, "Plot(list)"], name: "n"));

    [Fact]
    public void What_a_cell_prints_of_its_own_it_does_not_change() =>
        Assert.Equal([0, 1], PlanOf(["var n = 3;", "var list = new[] { 0 };\nConsole.WriteLine(list, n);", "Plot(list)"], name: "n"));

    [Fact]
    public void What_a_function_puts_back_it_has_not_changed()
    {
        var cells = Cells(["var g = 1;", "var rate = 2;", "int With(int other) { var before = g; g = other; try { return g; } finally { g = before; } }", "With(3) + rate", "g"]);

        Assert.Equal([1, 3], Dependencies.Plan(cells, [1], []));
        // Before it is seen to, it may leave another one.
        cells[3] = cells[3] with { IsOutOfDate = true };
        Assert.Equal([0, 1, 2, 3, 4], Dependencies.Plan(cells, [1], []));
    }

    [Fact]
    public void A_name_that_is_declared_anew_ends_what_depends_on_the_old_one() =>
        Assert.Equal([0, 1], PlanOf(["var truth = 1;", "truth", "var truth = 2;", "truth"], cell: 0));

    [Theory]
    [InlineData("X.Select(x => x + y)", "X,y")]
    [InlineData("foreach (var (a, b) in pairs) { Show(a, b, c); }", "Show,c,pairs")]
    [InlineData("new Answer { Within = width }", "Answer,width")]
    [InlineData("Draw(title: text)", "Draw,text")]
    [InlineData("if (value is int n && n > limit) { int limit2 = n; Use(limit2); }", "Use,limit,n,value")]
    [InlineData("from x in xs where x > low select x", "low,xs")]
    public void A_cell_uses_names_that_it_does_not_declare_within(string code, string names) =>
        Assert.Equal(names, string.Join(',', CellNames.Of(code, ".").Steps[0].Uses.Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("W = 1;", "W")]
    [InlineData("W[0, 1] += 2;", "W")]
    [InlineData("(a, b.c) = (1, 2);", "a,b")]
    [InlineData("n++;", "n")]
    [InlineData("int.TryParse(text, out n);", "n")]
    [InlineData("var copy = W; copy += 1;", "")]
    [InlineData("rows[i] = 1;", "rows")]
    public void A_cell_changes_what_it_assigns_to(string code, string names) =>
        Assert.Equal(names, string.Join(',', CellNames.Of(code, ".").Steps[0].Changes.Order(StringComparer.Ordinal)));

    [Fact]
    public void What_a_loaded_script_uses_counts_where_its_functions_are_called()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "checks.csx"), "bool CheckOne(int x) => x == m;\nbool CheckTwo(int x) => x == h;");
        string[] cells = ["var m = 1;", "var h = 2;", "#load \"checks.csx\"\nCheckOne(1)"];

        var planned = cells.Select(code => new PlannedCell(CellNames.Of(code, folder), true, new HashSet<string>())).ToList();

        Assert.Equal([0, 2], Dependencies.Plan(planned, [0], []));
        Assert.Equal([1], Dependencies.Plan(planned, [1], []));
    }

    [Fact]
    public void What_an_imported_file_declares_is_the_cells_own()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "twice.csx"), "#!import \"twice.csx\"\nint Twice(int x) => 2 * x;");
        string[] cells = ["var m = 1;", "#!import \"twice.csx\"", "#!import \"missing.csx\"", "Twice(m)"];

        var planned = cells.Select(code => new PlannedCell(CellNames.Of(code, folder), false, new HashSet<string>())).ToList();

        // What it needs and no one has run yet, runs first.
        Assert.Equal([0, 1, 3], Dependencies.Plan(planned, [3], []));
    }

    [Fact]
    public void An_object_has_another_state_when_something_in_it_was_changed()
    {
        var random = new Random(1);
        var list = new List<double[]> { new double[] { 1, 2 } };
        var (before, listBefore) = (ObjectState.Of(random), ObjectState.Of(list));

        Assert.Equal(before, ObjectState.Of(random));
        random.Next();
        list[0][1] = 3;

        Assert.NotEqual(before, ObjectState.Of(random));
        Assert.NotEqual(listBefore, ObjectState.Of(list));
    }

    [Fact]
    public void A_function_has_another_state_when_it_is_another_one()
    {
        Func<double, double>[] functions = [Math.Sin, Math.Cos];

        Assert.Equal(ObjectState.Of(functions[0]), ObjectState.Of(functions[0]));
        Assert.NotEqual(ObjectState.Of(functions[0]), ObjectState.Of(functions[1]));
    }

    private static List<PlannedCell> Cells(IEnumerable<string> code, bool hasRun = true) =>
        [.. code.Select(text => new PlannedCell(CellNames.Of(text, "."), hasRun, new HashSet<string>()))];

    private static IReadOnlyList<int> PlanOf(IEnumerable<string> code, int? cell = null, string? name = null) =>
        Dependencies.Plan(Cells(code), cell is { } index ? [index] : [], name is null ? [] : [name]);
}

using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Backprop.Notebooks.Tests;

/// <summary>Cells mean what the compiler's own scripts mean, though cells that no one can see any more are dropped.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class SubmissionChainTests
{
    private static readonly ScriptOptions s_options = ScriptOptions.Default
        .WithReferences(SessionReferences.Host).WithImports(SessionReferences.Imports).WithOptimizationLevel(OptimizationLevel.Release);

    // {n} is another number each time, so that an old declaration is never taken for a new one.
    private static readonly string[] s_declarations =
    [
        "var a = {n};",
        "var a = \"a{n}\";",
        "var b = $\"{a}{n}\";",
        "var (a, c) = ({n}, \"c{n}\");",
        "const int K = {n};",
        "const string K = \"K{n}\";",
        "int F(int x) => x + {n};",
        "string F(string x) => x + \"{n}\";",
        "string F<T>(List<T> x) => $\"{x.Count}{n}\";",
        "string G() => $\"{F(1)}{F(\"x\")}{n}\";",
        "string G() => $\"{a}{K}{n}\";",
        "record R(int V) { public int W => V + {n}; }",
        "class R { public string V = \"{n}\"; public override string ToString() => \"R\" + V; }",
        "record R<T>(T V);",
        "class Base { public virtual string M() => \"base{n}\"; }",
        "class Derived : Base { public override string M() => \"derived{n}\" + base.M(); }",
        "interface I { string M() => \"I{n}\"; }",
        "class Impl : I { string Other => $\"{n}\"; public string N() => Other + ((I)this).M(); }",
        "enum E { X = {n}, Y }",
        "struct S { public int V; public static S operator +(S x, S y) => new() { V = x.V + y.V + {n} }; }",
        "delegate string D(int x);",
        "D d = x => $\"d{x + {n}}\";",
        "var r = new R(3);",
        "var r = new R();",
        "var r = new R<int>({n});",
        "Base o = new Derived();",
        "var i = new Impl();",
        "Func<string> f = () => $\"{a}{n}\";",
        "Func<string> f = () => new R().ToString() + {n};",
        "Func<string> f = () => G() + o.M();",
        "var h = f;",
        "string f = \"f{n}\";",
        "var an = new { A = {n}, B = \"x\" };",
        "an = new { A = {n}, B = \"y\" };",
        "var am = an;",
        "a = a;",
        "using System.Globalization;",
        "using Text = System.Text.StringBuilder;",
        "using static System.Math;",
        "static string Ext(this int x) => $\"ext{x + {n}}\";",
        "static int counter = {n};",
        "int Property { get; set; } = {n};",
        "async Task<string> Later() { await Task.Yield(); return $\"later{n}{a}\"; }",
        "IEnumerable<int> Many() { for (var k = 0; k < 3; k++) yield return k + {n}; }",
        "dynamic dyn = {n};",
        "dynamic dyn = r;",
        "List<object> list = [a, {n}];",
        "list.Add(a);",
        "var b = {n}; throw new InvalidOperationException(\"thrown{n}\");",
        "throw new InvalidOperationException($\"{a}\");",
        "var late = Zero(); int Zero() => {n} / ({n} - {n}); var never = {n};",
        "int.TryParse(\"{n}\", out var parsed);",
        "if (a is object matched) { }",
        "object lambda = (Func<string>)(() => G());",
        "event Action Happened; void Happen() => Happened?.Invoke();",
        "Happened += () => counter += {n};",
        "Happen();",
        "System.Linq.Expressions.Expression<Func<int, int>> tree = x => x + {n};",
        "foreach (var k in Many()) { counter += k; }",
        "{ var inner = {n}; counter += inner; }",
        "// nothing but a comment",
        "#region nothing\n#endregion",
        "#define SYMBOL\n#if SYMBOL\nvar symbol = {n};\n#endif",
        "namespace Named { }",
        "static string Held; static class Holder { public static string Value = \"held{n}\"; }",
        "var b = a switch { int => \"int\", string => \"string\", _ => \"?\" };",
        "lock (new object()) { counter++; }",
        "ref struct Ref { }",
        "record struct Pair(int X, int Y); var pair = new Pair({n}, 2);",
        "var (x, y) = pair;",
        "partial class R { public override string ToString() => \"partial{n}\"; }",
        "var R = {n};",
        "var e = (int)E.X;",
        "var e = E.X == E.Y;",
        "var name = nameof(R) + nameof(G) + nameof(K);",
        "const int K = K.Length + {n};",
        "const string L = K + \"L{n}\";",
        "var fold = true ? \"fold\" : G();",
        "var F = {n};",
        "using static Holder;",
        "var an = new { C = {n} };",
        "var query = from v in new[] { 1, 2 } let w = v + {n} select new { v, w };",
        "var refs = (ref int x) => $\"refs{n}\";",
        "IReadOnlyList<int> reads = [1, {n}];",
        "unchecked { counter += int.MaxValue; }",
    ];

    private static readonly string[] s_questions =
    [
        "$\"{a}\"", "b", "K + K", "F(1)", "F(\"s\")", "F(new List<int>())", "G()", "r.ToString()", "r.V", "r.W", "new R(1).ToString()", "new R().V",
        "o.M()", "new Derived().M()", "new Base().M()", "i.N()", "((I)i).M()", "((int)E.Y).ToString()", "$\"{(default(S) + default(S)).V}\"", "d(1)", "f()", "h()",
        "an.ToString()", "am.ToString()", "an == am", "nameof(CultureInfo) + CultureInfo.InvariantCulture.Name", "new Text(\"text\").ToString()", "$\"{Max(1, 2)}\"", "7.Ext()",
        "counter", "Property++", "await Later()", "string.Join(',', Many())", "$\"{dyn}\"", "string.Join(',', list)", "parsed", "matched", "late", "never", "((Func<string>)lambda)()",
        "tree.Compile()(1)", "inner", "symbol", "Holder.Value", "Held", "pair", "x + y", "nothing", "await Task.FromResult(a)", "e", "name", "L", "fold", "R", "F", "Value", "an.C", "query.Last().ToString()", "refs.ToString() != null", "string.Join(',', reads)", "(a, c)",
    ];

    public static TheoryData<int, bool> Seeds => Sample.IsLong ? new() { { 7, false }, { 29, false }, { 46, false }, { 57, false }, { 7, true }, { 29, true } } : new() { { 7, false }, { 29, true } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_cell_means_after_others_what_a_script_means_after_others(int seed, bool runsAgain)
    {
        var random = new Random(seed);
        var outputs = new List<CellOutput>();
        var session = new CSharpSession(Sample.Folder, outputs.Add, isRerun: runsAgain);
        ScriptState<object>? script = null;
        var told = new List<string>();
        var cells = new List<(int Number, string Text)>();
        for (var n = 1; n <= 120; n++)
        {
            // Some cells are run again, as they were or with another number, and need not be compiled again.
            var (number, cell) = (n, runsAgain && n > 1 && random.Next(3) == 0 ? random.Next(1, n) : n);
            if (cell < n)
            {
                number = random.Next(2) == 0 ? cell : n;
                cells.Add(cells[cell - 1]);
            }
            else
            {
                cells.Add((cell, random.Next(5) < 2 ? s_declarations[random.Next(s_declarations.Length)] : $"$\"{{({s_questions[random.Next(s_questions.Length)]})}}\""));
            }

            var code = cells[^1].Text.Replace("{n}", $"{number}", StringComparison.Ordinal);
            told.Add(code);

            (var expected, script) = await OfScriptAsync(script, code);
            outputs.Clear();
            var failure = await session.ExecuteAsync(code, $"cell {cells[^1].Number}", TestContext.Current.CancellationToken);
            var actual = failure is null ? string.Concat(outputs.OfType<DisplayOutput>().Select(output => output.Data["text/plain"])) : failure.Message.Contains("CS", StringComparison.Ordinal) ? "does not compile" : failure.Message;

            Assert.True(expected == actual, $"{string.Join("\n// next cell\n", told)}\n\nexpected: {expected}\nactual: {actual}");
        }
    }

    [Theory]
    [InlineData("var a = 1;")]
    [InlineData("const int K = 1;")]
    [InlineData("record R(int V); string Show(R r) => r.ToString();")]
    [InlineData("class R { } class R<T> : R { } int F(int x) => x; int F(string x) => 1;")]
    [InlineData("var an = new { A = 1 };")]
    [InlineData("using System.Globalization; var culture = CultureInfo.InvariantCulture;")]
    [InlineData("Func<int, int> f = x => x + 1; f(1)")]
    public async Task A_cell_that_is_run_again_takes_the_place_of_its_former_self(string code)
    {
        var session = new CSharpSession(Sample.Folder, _ => { });
        for (var i = 0; i < 20; i++)
        {
            await Sample.RunAsync(session, "var between = 1; between++;", code);
        }

        // The first to open a namespace and the first to have an anonymous type are needed by the others.
        Assert.InRange(session.Snapshot.Cells.Count, 2, 4);
    }

    [Theory]
    [InlineData("using System.Globalization;", "$\"{true}\"")]
    [InlineData("int Twice(int x) => 2 * x;", "$\"{Twice(2) == 4}\"")]
    [InlineData("// nothing", "$\"{true}\"")]
    public async Task A_file_that_a_cell_loads_is_part_of_it(string file, string question)
    {
        var folder = Directory.CreateTempSubdirectory("loads a file ").FullName;
        File.WriteAllText(Path.Combine(folder, "file.csx"), file);
        var outputs = new List<CellOutput>();
        var session = new CSharpSession(folder, outputs.Add);
        await Sample.RunAsync(session, "var first = 1;", $"#load \"file.csx\"\n{question}", "#load \"file.csx\"", question);

        Directory.Delete(folder, recursive: true);
        Assert.Equal(["True", "True"], outputs.Cast<DisplayOutput>().Select(output => output.Data.Values.Single()));
    }

    [Theory]
    [InlineData("class A { public const int V = 1; }", "class A<T> { }", "const int X = A.V;", "class A { public const int V = 2; }")]
    [InlineData("class A<T> { public const int V = 1; }", "class A { }", "const int X = A<int>.V;", "class A<T> { public const int V = 2; }")]
    [InlineData("const int A = 1;", "const int B = A;", "const int X = B;", "const int A = 2; const int B = 3;")]
    public async Task A_constant_keeps_its_value_though_what_it_was_made_of_is_declared_again(params string[] cells)
    {
        var outputs = new List<CellOutput>();
        await Sample.RunAsync(new CSharpSession(Sample.Folder, outputs.Add), ["var first = 1;", .. cells, "$\"{X}\""]);

        Assert.Equal("1", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data.Values.Single());
    }

    [Fact]
    public async Task A_handler_finds_what_its_cell_found_though_that_was_declared_again()
    {
        var outputs = new List<CellOutput>();
        var session = new CSharpSession(Sample.Folder, outputs.Add);
        await Sample.RunAsync(
            session,
            "var first = 1;",
            "record R(int V);",
            "AppDomain.CurrentDomain.SetData(\"handler\", (Func<string>)(() => new R(1).ToString()));",
            "record R(string Text);",
            "var handler = (Func<string>)AppDomain.CurrentDomain.GetData(\"handler\"); GC.Collect();",
            "handler()");

        AppDomain.CurrentDomain.SetData("handler", null);
        Assert.Equal("R { V = 1 }", Assert.IsType<DisplayOutput>(Assert.Single(outputs)).Data.Values.Single());
    }

    [Theory]
    [InlineData("var a = 1; int F(int x) => x + b;", "var a = 1; int F(int x) => x + b;", "", true)]
    [InlineData("var a = 1; int F(int x) => x + b;", "var a = -2; int F(int x) => x + b;", "", false)]
    [InlineData("var a = 1.5; // a number", "var a = 2.5; // another one", "", true)]
    [InlineData("var a = -1; var c = 2.5;", "var a = -7; var c = 0.5;", "", true)]
    [InlineData("var a = 1;", "var a = 1.5;", "", false)]
    [InlineData("var a = 1; var c = a + 1;", "var a = 2; var c = a + 1;", "", false)]
    [InlineData("var a = 1 + 1;", "var a = 1 + 2;", "", false)]
    [InlineData("const int a = 1;", "const int a = 2;", "", false)]
    [InlineData("var a = b;", "var a = b;", "var b = 3;", false)]
    [InlineData("var a = b;", "var a = b;", "var other = 3;", true)]
    [InlineData("var a = 1;", "var a = 1;", "var a = 3;", false)]
    [InlineData("var a = Max(b, 1);", "var a = Max(b, 1);", "using System.Globalization;", false)]
    [InlineData("var a = 5.Max(1);", "var a = 5.Max(1);", "static int Max(this int n, int m) => n * 100;", false)]
    [InlineData("var a = 0; foreach (var i in 3) a += i;", "var a = 0; foreach (var i in 3) a += i;", "static IEnumerator<int> GetEnumerator(this int n) => Enumerable.Range(1, n).GetEnumerator();", false)]
    [InlineData("var a = 0; for (var i = 0; i < 9; i++) a += \"abc\".Length;", "var a = 0; for (var i = 0; i < 9; i++) a += \"abc\".Length;", "var i = 5; int Length = 3;", true)]
    [InlineData("static int a = 1; a++;", "static int a = 1; a++;", "", false)]
    [InlineData("int a = T.Count++; class T { public static int Count = 1; }", "int a = T.Count++; class T { public static int Count = 1; }", "", false)]
    [InlineData("int a = T.N.Count++; class T { public class N { public static int Count { get; set; } } }", "int a = T.N.Count++; class T { public class N { public static int Count { get; set; } } }", "", false)]
    [InlineData("int a = new T().V; class T { public int V = 1; static T() { } }", "int a = new T().V; class T { public int V = 1; static T() { } }", "", false)]
    [InlineData("int a = new R(1).V; record R(int V) { public const int C = 1; }", "int a = new R(1).V; record R(int V) { public const int C = 1; }", "", true)]
    [InlineData("int a = (int)E.Y; enum E { X, Y }", "int a = (int)E.Y; enum E { X, Y }", "", true)]
    public async Task A_cell_is_compiled_again_only_where_it_has_to_be(string before, string now, string between, bool isCompiledOnce)
    {
        var outputs = new List<CellOutput>();
        var session = new CSharpSession(Sample.Folder, outputs.Add, isRerun: true);
        const string Where = "\nvar where = System.Reflection.MethodBase.GetCurrentMethod().DeclaringType.Assembly.GetName().Name;";
        const string First = "using static System.Math; var b = 1; static int Max(this int n, int m) => n; static IEnumerator<int> GetEnumerator(this int n) => Enumerable.Range(0, n).GetEnumerator();";
        await Sample.RunAsync(session, First);
        await session.ExecuteAsync(before + Where, "once more", TestContext.Current.CancellationToken);
        await Sample.RunAsync(session, "var first = where;", between);
        await session.ExecuteAsync(now + Where, "once more", TestContext.Current.CancellationToken);
        await Sample.RunAsync(session, "$\"{a} {where == first}\"");

        var fresh = new CSharpSession(Sample.Folder, outputs.Add);
        await Sample.RunAsync(fresh, First, between, now, "$\"{a}\"");
        var values = outputs.OfType<DisplayOutput>().Select(output => output.Data["text/plain"]).ToList();
        Assert.Equal(2, values.Count);
        Assert.Equal($"{values[1]} {isCompiledOnce}", values[0]);
    }

    private static async Task<(string Told, ScriptState<object>? State)> OfScriptAsync(ScriptState<object>? before, string code)
    {
        try
        {
            var state = before is null
                ? await CSharpScript.Create(code, s_options).RunAsync(catchException: _ => true, cancellationToken: TestContext.Current.CancellationToken)
                : await before.ContinueWithAsync(code, s_options, _ => true, TestContext.Current.CancellationToken);
            return (state.Exception?.Message ?? $"{state.ReturnValue}", state);
        }
        catch (CompilationErrorException)
        {
            return ("does not compile", before);
        }
    }
}

using System.Diagnostics;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Jupyter;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests;

/// <summary>Help for whoever types: | is the cursor.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class CompletionTests
{
    private static readonly string s_library = Path.Combine(Lessons.LessonsRun.Repository, "lib", "bin", "Backprop.dll");

    private readonly CSharpSession _session = new(Path.GetTempPath(), _ => { });
    private readonly CodeAssistant _assistant = new();

    [Theory]
    [InlineData("Console.WriteL|", "WriteLine", "function")]
    [InlineData("Console.writel|", "WriteLine", "function")]
    [InlineData("Console.WriteL|ine(1)", "WriteLine", "function")]
    [InlineData("numbers.Len|", "Length", "property")]
    [InlineData("num|", "numbers", "instance")]
    [InlineData("Twi|", "Twice", "function")]
    [InlineData("new Poi|", "Point", "class")]
    [InlineData("point.Si|", "Sideways", "property")]
    [InlineData("Cultu|", "CultureInfo", "class")]
    [InlineData("foreach (var n in numbers) { n.CompareT| }", "CompareTo", "function")]
    [InlineData("numbers.OBD|", "OrderByDescending", "function")]
    [InlineData("var broken = ; numbers.Len|", "Length", "property")]
    [InlineData("#!time\nnumbers.Len|", "Length", "property")]
    [InlineData("var s = \"😀\"; s.Len|", "Length", "property")]
    [InlineData("numbers.Len|\r\nvar after = 1;\r\n", "Length", "property")]
    [InlineData("#!time\r\nnumbers.Len|\r\n", "Length", "property")]
    [InlineData("#!time\n// one line\u2028numbers.Len|", "Length", "property")]
    public async Task A_word_goes_on_with_what_the_session_knows(string code, string match, string kind)
    {
        await Sample.RunAsync(_session, "using System.Globalization; var numbers = new double[3]; int Twice(int x) => 2 * x;", "record Point(int Sideways); var point = new Point(1);");

        var found = await CompleteAsync(code);

        Assert.Equal((match, kind), (found.Matches[0].Text, found.Matches[0].Kind));
    }

    [Fact]
    public async Task A_match_takes_the_place_of_the_whole_word()
    {
        var found = await CompleteAsync("Console.Wri|teLine(1)");

        Assert.Equal((8, 17), (found.Start, found.End));
    }

    [Fact]
    public async Task A_variable_that_was_declared_again_has_its_later_type()
    {
        await Sample.RunAsync(_session, "var x = 1;", "var x = \"text\";");

        Assert.Contains("Substring", (await CompleteAsync("x.|")).Matches.Select(match => match.Text));
    }

    [Theory]
    [InlineData("var s = \"Conso|")]
    [InlineData("// Conso|")]
    [InlineData("unknown.|")]
    [InlineData("#!markdown\nConsole.Wri|")]
    [InlineData("#!markdown\r\nConsole.Wri|\r\n")]
    [InlineData("#!time|\r\nvar x = 1;")]
    public async Task Where_nothing_can_be_named_nothing_is_offered(string code)
    {
        Assert.Empty((await CompleteAsync(code)).Matches);
    }

    [Fact]
    public async Task The_members_of_a_library_are_known_with_their_documentation()
    {
        await Sample.RunAsync(_session, $"#r \"{s_library}\"", "using Backprop;");

        Assert.Contains("CrossEntropy", (await CompleteAsync("Softmax.|")).Matches.Select(match => match.Text));
        var text = await InspectAsync("Spiral.Generate(new NumpyRandom(1), |");
        Assert.Contains("LabelledPoints Spiral.Generate(NumpyRandom random", text);
        Assert.Contains("\n  numClasses: Number of arms, at least 1.", text);
        Assert.Contains("Returns:", text);
    }

    [Theory]
    [InlineData("Console.Write|Line(1)", "void Console.WriteLine(int value) (+ 19 overloads)", "Writes the text representation of the specified 32-bit signed integer")]
    [InlineData("Console.WriteLine|", "void Console.WriteLine()", "Writes the current line terminator")]
    [InlineData("Math.Max(1, Math.Sqrt(4|))", "double Math.Sqrt(double d)", "d: The number whose square root is to be found.")]
    [InlineData("Math.Max(1, |Math.Sqrt(4))", "class System.Math", "Provides constants and static methods")]
    [InlineData("new List<int>(|", "List<int>.List()", "Initializes a new instance")]
    [InlineData("List<int> list = new(|", "List<int>.List()", "Initializes a new instance")]
    [InlineData("new List<int>()[|", "int List<int>.this[int index] { get; set; }", "Gets or sets the element")]
    [InlineData("num|bers", "double[] numbers", "")]
    [InlineData("Twice(|", "int Twice(int x)", "")]
    [InlineData("num|bers.Length\r\n", "double[] numbers", "")]
    [InlineData("/// <summary>a & b</summary>\nint Broken(int a) => a;\nBroken(|", "int Broken(int a)", "")]
    [InlineData("in|t x = 1;", "struct System.Int32", "Represents a 32-bit signed integer")]
    public async Task A_name_is_explained(string code, string declaration, string documentation)
    {
        await Sample.RunAsync(_session, "var numbers = new double[3]; int Twice(int x) => 2 * x;");

        var text = await InspectAsync(code);

        Assert.Contains(declaration, text);
        Assert.Contains(documentation, text);
    }

    [Theory]
    [InlineData("  |  ")]
    [InlineData("|")]
    [InlineData("unkno|wn")]
    [InlineData("\"te|xt\"")]
    [InlineData("// no|te")]
    public async Task What_has_no_meaning_is_not_explained(string code)
    {
        Assert.Null(await InspectAsync(code));
    }

    [Fact]
    public async Task In_the_place_of_a_static_member_may_stand_the_others_of_its_type()
    {
        Assert.Equal(["Sunday", "Monday"], (await _assistant.MembersLikeAsync(_session.Snapshot, "DayOfWeek.Monday", TestContext.Current.CancellationToken)).Take(2));
        Assert.Empty(await _assistant.MembersLikeAsync(_session.Snapshot, "Math.PI", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_many_cells_a_word_goes_on_as_soon_as_after_a_few()
    {
        var afterFew = await ShortestAsync(1, 2, 3, 4, 5);
        await Sample.RunAsync(_session, Enumerable.Range(6, 100).Select(i => $"var v{i} = {i};"));
        var afterMany = await ShortestAsync(1001, 1002, 1003, 1004, 1005);

        Assert.InRange(afterMany / afterFew, 0, 5);

        async Task<TimeSpan> ShortestAsync(params int[] numbers)
        {
            var shortest = TimeSpan.MaxValue;
            foreach (var number in numbers)
            {
                await Sample.RunAsync(_session, $"var v{number} = {number};");
                var watch = Stopwatch.StartNew();
                var found = await CompleteAsync($"v{number}.Compare|");
                shortest = watch.Elapsed < shortest ? watch.Elapsed : shortest;
                Assert.Equal("CompareTo", found.Matches[0].Text);
            }

            return shortest;
        }
    }

    [Theory]
    [InlineData("abc", 2, 2)]
    [InlineData("😀bc", 2, 3)]
    [InlineData("a😀", 2, 3)]
    [InlineData("abc", 9, 3)]
    [InlineData("", 0, 0)]
    public void Positions_count_code_points(string text, int position, int index)
    {
        Assert.Equal(index, CodePoints.ToIndex(text, position));
        Assert.Equal(Math.Min(position, text.EnumerateRunes().Count()), CodePoints.FromIndex(text, index));
    }

    private Task<Completions> CompleteAsync(string code) =>
        _assistant.CompleteAsync(_session.Snapshot, code.Replace("|", ""), code.IndexOf('|'), TestContext.Current.CancellationToken);

    private Task<string?> InspectAsync(string code) =>
        _assistant.InspectAsync(_session.Snapshot, code.Replace("|", ""), code.IndexOf('|'), isDetailed: false, TestContext.Current.CancellationToken);
}

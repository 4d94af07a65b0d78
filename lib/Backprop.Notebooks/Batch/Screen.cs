using System.Globalization;
using Backprop.Notebooks.Pages;
using Spectre.Console;

namespace Backprop.Notebooks;

/// <summary>What the command shows: bars and a table in a terminal, plain lines in a file or a log.</summary>
internal sealed class Screen
{
    private readonly TextWriter _output;
    private readonly IAnsiConsole _console;
    private readonly bool _isTerminal;

    public Screen(TextWriter output, TextWriter error)
    {
        _output = output;
        Error = error;
        _isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsErrorRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = _isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = _isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!_isTerminal)
        {
            // A log has no width to fit into.
            _console.Profile.Width = 160;
        }
    }

    public TextWriter Error { get; }

    public void Say(string line) => _output.WriteLine(line);

    public async Task<T> BuildingAsync<T>(string project, Func<Task<T>> build)
    {
        if (_isTerminal)
        {
            return await _console.Status().StartAsync($"Building {Markup.Escape(project)}", _ => build());
        }

        Say($"Building {project}");
        return await build();
    }

    /// <summary>Shows a bar for each notebook that runs. The work is given what begins one: of its name it makes what moves its bar, one cell past the last at the end.</summary>
    public async Task RunningAsync(Func<Func<string, Action<int, int>>, Task> work)
    {
        if (!_isTerminal)
        {
            await work(notebook =>
            {
                Say($"Running {notebook}");
                return (_, _) => { };
            });
            return;
        }

        await _console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(progress => work(notebook =>
            {
                var bar = progress.AddTask(Markup.Escape(notebook));
                return (cell, count) =>
                {
                    (bar.MaxValue, bar.Value) = (count, cell - 1);
                    bar.Description = Markup.Escape(notebook) + (cell > count ? "" : $"  cell {cell} of {count}");
                };
            }));
    }

    public void Table(IReadOnlyList<IndexRow> rows)
    {
        var table = new Table().Border(_isTerminal ? TableBorder.Rounded : TableBorder.Ascii)
            .AddColumn("notebook").AddColumn(new TableColumn("cells").RightAligned()).AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("result");
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Title),
                row.Cells,
                row.Seconds?.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
                $"[{(row.IsGood ? "green" : "red")}]{Markup.Escape(row.Result)}[/]");
        }

        _console.WriteLine();
        Show(table);
    }

    public void Show(Table table) => _console.Write(table);
}

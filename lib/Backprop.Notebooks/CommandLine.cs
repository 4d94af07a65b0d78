using System.CommandLine;
using System.Globalization;
using Backprop.Notebooks.Live;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks;

/// <summary>The command: reads its arguments and runs the notebooks.</summary>
public static class CommandLine
{
    /// <summary>The command was used wrongly, or a notebook cannot be read.</summary>
    internal const int WrongUsage = 2;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What stands behind its name.</param>
    /// <param name="output">Receives the results.</param>
    /// <param name="error">Receives complaints.</param>
    /// <param name="cancellationToken">Stops the cell that is running and writes what was done.</param>
    /// <returns>0 all ran, 1 a cell failed or its outputs differ, 2 wrong usage or an unreadable notebook, 130 stopped.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var notebooks = new Argument<string[]>("notebooks")
        {
            Description = "Notebooks, or folders of notebooks. Without any: the repository's notebooks folder.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string?>("--output", "-o") { Description = "The folder for the executed copies and the pages. Default: artifacts in the repository.", HelpName = "folder" };
        var set = new Option<string[]>("--set") { Description = "Set a parameter of the notebook, as in --set h=50. May be given more than once.", HelpName = "name=value" };
        var update = new Option<bool>("--update") { Description = "Write the outputs back into the notebooks." };
        var check = new Option<bool>("--check") { Description = "Fail when text outputs differ from those stored in the notebooks, and show how." };
        var timeout = new Option<string?>("--timeout") { Description = "Stop a cell that runs longer than this.", HelpName = "seconds" };
        var keepGoing = new Option<bool>("--keep-going") { Description = "After a notebook that fails, run the others all the same." };
        var noBuild = new Option<bool>("--no-build") { Description = "Do not build the projects that the notebooks reference." };
        var parallel = new Option<string?>("--parallel") { Description = "How many notebooks run at the same time, each in a process. Default: as many as there are processors.", HelpName = "number" };
        var root = new RootCommand("Runs C# notebooks from top to bottom, and writes an executed copy and a web page of each.")
        {
            notebooks, folder, set, update, check, timeout, keepGoing, parallel, noBuild, KernelCommand.Create(output, error, cancellationToken), WorkerCommand.Create(cancellationToken),
            OpenCommand.Create(output, error, cancellationToken), OpenCommand.CreateSession(),
        };
        timeout.Validators.Add(result =>
        {
            if (Seconds(result.GetValueOrDefault<string?>()) is not (> 0 and < 1e6))
            {
                result.AddError("--timeout takes a number of seconds above 0.");
            }
        });

        parallel.Validators.Add(result =>
        {
            if (Count(result.GetValueOrDefault<string?>()) is not > 0)
            {
                result.AddError("--parallel takes a number from 1 on.");
            }
        });

        notebooks.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-') && !File.Exists(token.Value)))
            {
                result.AddError($"Unknown option {token.Value}.");
            }
        });

        root.SetAction(async (result, _) =>
        {
            var parameters = new Dictionary<string, string>();
            foreach (var assignment in result.GetValue(set) ?? [])
            {
                if (assignment.IndexOf('=') is not (> 0 and var equals))
                {
                    error.WriteLine($"--set {assignment}: write --set name=value.");
                    return WrongUsage;
                }

                parameters[assignment[..equals].Trim()] = assignment[(equals + 1)..].Trim();
            }

            if (parameters.Count > 0 && (result.GetValue(update) || result.GetValue(check)))
            {
                error.WriteLine($"--set makes other outputs than those stored, so it cannot be used with {(result.GetValue(update) ? "--update" : "--check")}.");
                return WrongUsage;
            }

            var batch = new Batch
            {
                Notebooks = result.GetValue(notebooks) ?? [],
                OutputFolder = result.GetValue(folder),
                Options = new() { Parameters = parameters, CellTimeout = Seconds(result.GetValue(timeout)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null },
                Update = result.GetValue(update),
                Check = result.GetValue(check),
                Parallel = Count(result.GetValue(parallel)) ?? Environment.ProcessorCount,
                KeepGoing = result.GetValue(keepGoing),
                Build = !result.GetValue(noBuild),
            };
            return await batch.RunAsync(new Screen(output, error), cancellationToken);
        });
        var parsed = root.Parse([.. arguments]);
        var settings = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in parsed.Errors.Select(e => e.Message).Distinct())
            {
                error.WriteLine(message);
            }

            error.WriteLine("Use --help to see what can be asked for.");
            return WrongUsage;
        }

        return await parsed.InvokeAsync(settings, CancellationToken.None);
    }

    private static int? Count(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}

using System.Diagnostics;
using System.Globalization;
using Backprop.Notebooks.Documents;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Notebooks.Session;

/// <summary>
/// A C# session as the kernel of .NET Interactive keeps one: cells share their variables, values are formatted by the
/// <see cref="Formatter"/> registry, and everything shown goes to one sink in the order in which it happens. It knows
/// nothing of notebook files, pages or the command line.
/// </summary>
/// <remarks>
/// The formatter registry is one for the process, so two sessions at the same time share it.
/// </remarks>
public sealed class CSharpSession
{
    private static readonly AsyncLocal<CSharpSession?> s_current = new();
    private readonly Func<string?> _readLine;
    private readonly SubmissionChain _submissions;
    private readonly CellThread _thread = new();
    private readonly List<string> _packageSources = [];
    private readonly HashSet<string> _extensions = [];
    private readonly Stack<string> _imports = new();

    /// <summary>Starts a session; the formatters registered by an earlier one are forgotten.</summary>
    /// <param name="folder">The folder that files are named from, usually the notebook's own.</param>
    /// <param name="emit">Receives what the cells show, one output at a time, on the thread that shows it.</param>
    /// <param name="readLine">Asks the user for a line; without it, a cell that asks gets the end of the input instead of waiting for ever.</param>
    /// <param name="alwaysIn">A mime type in which every value is shown, beside those preferred for its type.</param>
    /// <param name="isRerun">True where cells keep their names and are run again: what is compiled is kept for the next time.</param>
    public CSharpSession(string folder, Action<CellOutput> emit, Func<string?>? readLine = null, string? alwaysIn = null, bool isRerun = false)
    {
        Folder = Path.GetFullPath(folder);
        _readLine = readLine ?? (() => null);
        Output = new(emit, alwaysIn);
        _submissions = new(Folder, new LibraryContext(), isRerun ? new() : null);
        ConsoleCapture.Install();
        Formatter.ResetToDefault();
    }

    /// <summary>The folder that files are named from.</summary>
    public string Folder { get; }

    /// <summary>What the next cell can see.</summary>
    public SessionSnapshot Snapshot => new(_submissions.Code, _submissions.References, SessionReferences.Imports);

    /// <summary>What its cells have declared and later ones can see, variables and all else.</summary>
    internal IEnumerable<string> Names => _submissions.Names;

    /// <summary>The types that its cells have declared, each with the assembly that has it.</summary>
    internal IReadOnlyDictionary<string, string> Types => _submissions.Types;

    /// <summary>The value of a variable; null also where there is none of this name.</summary>
    internal object? ValueOf(string name) => _submissions.ValueOf(name);

    /// <summary>The session whose cell the calling code belongs to, or null outside of one.</summary>
    internal static CSharpSession? Current => s_current.Value;

    /// <summary>The session whose cell the calling code belongs to.</summary>
    /// <exception cref="InvalidOperationException">It belongs to none.</exception>
    internal static CSharpSession Required => Current
        ?? throw new InvalidOperationException("Values can be displayed only by a cell that runs in a notebook session.");

    /// <summary>What the session shows.</summary>
    internal SessionOutput Output { get; }

    /// <summary>Compiles and runs the code of one cell.</summary>
    /// <param name="code">The cell's text, magic commands included.</param>
    /// <param name="name">What to call the cell in stack traces, such as <c>cell 3</c>.</param>
    /// <param name="cancellationToken">Stops the cell; the session keeps what earlier cells made.</param>
    /// <returns>Null when the cell ran to its end, otherwise why it did not.</returns>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public async Task<CellFailure?> ExecuteAsync(string code, string name, CancellationToken cancellationToken = default)
    {
        if (_thread.IsLeftBehind)
        {
            return Failure("An earlier cell could not be stopped and is still running. Wait for it to end, or restart the kernel.");
        }

        if (_imports.Count == 0)
        {
            Output.Begin();
        }

        var watch = Stopwatch.StartNew();
        var isTimed = false;
        foreach (var part in CellPart.Split(code.ReplaceLineEndings("\n")))
        {
            var failure = part.Kind switch
            {
                "code" => await RunAsync(part.Text, name, cancellationToken),
                "#r" => await ReferenceAsync(part.Text, name, cancellationToken),
                "#i" => Do(() => _packageSources.Add(PackageSource(part.Text))),
                "#!import" => await ImportAsync(part, cancellationToken),
                "#!csharp" or "#!c#" => null,
                "#!time" => Do(() => isTimed = true),
                "#!markdown" => Do(() => Output.Show(part.Text, "text/markdown")),
                "#!html" => Do(() => Output.Show(part.Text, "text/html")),
                "#!javascript" or "#!js" => Do(() => Output.Show($"<script type=\"text/javascript\">{part.Text}</script>", "text/html")),
                _ => Failure($"Unknown magic command {part.Kind}. Known are #!csharp, #!import, #!time, #!markdown, #!html and #!javascript."),
            };
            if (failure is not null)
            {
                // A failure that knows no line is the part's own: its first line.
                return failure.Line is not null ? failure : failure with
                {
                    Line = part.Line,
                    SourceLine = code.ReplaceLineEndings("\n").Split('\n')[part.Line - 1],
                };
            }
        }

        if (isTimed)
        {
            Output.Show($"Wall time: {watch.Elapsed.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)}ms", "text/plain");
        }

        return null;
    }

    /// <summary>Compiles and runs a line, so that the first cell of the first notebook finds the compiler loaded.</summary>
    internal static Task WarmUpAsync() => new CSharpSession(Path.GetTempPath(), _ => { }).ExecuteAsync("1 + 1", "warm-up");

    internal void Write(string stream, string text)
    {
        // A cell that prints is stopped here. To abort it inside the console could leave the console locked for ever.
        if (_thread.IsStoppingHere)
        {
            throw new CellStoppedException(null, isStillRunning: false, CancellationToken.None);
        }

        Output.Write(stream, text);
    }

    internal string? ReadLine() => _readLine();

    private static CellFailure Failure(string message) => new("Error", message, null, null, []);

    private static CellFailure? Do(Action action)
    {
        action();
        return null;
    }

    private string PackageSource(string argument)
    {
        var source = Quoted(argument)["nuget:".Length..].Trim();
        return source.Contains("://", StringComparison.Ordinal) ? source : Path.GetFullPath(Path.Combine(Folder, source.Replace('\\', '/')));
    }

    private static string Quoted(string argument) => argument.Split('"') is [_, var quoted, ..] ? quoted.Trim() : argument;

    private async Task<CellFailure?> ReferenceAsync(string argument, string name, CancellationToken cancellationToken)
    {
        var target = Quoted(argument);
        if (target.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            var nameAndVersion = target["nuget:".Length..].Split(',', StringSplitOptions.TrimEntries);
            try
            {
                var package = await PackageFiles.FindAsync(nameAndVersion[0], nameAndVersion is [_, { Length: > 0 } version, ..] ? version : "*", _packageSources, cancellationToken);
                AddReferences(package.Libraries);
                return await RunExtensionsAsync(package.Extensions, name, cancellationToken);
            }
            catch (PackageNotRestoredException e)
            {
                return Failure(e.Message);
            }
        }

        var path = Path.GetFullPath(Path.Combine(Folder, target.Replace('\\', '/')));
        if (!File.Exists(path))
        {
            return Failure($"{target} is not there (looked for {path}). If it belongs to this repository, build it first: dotnet build");
        }

        try
        {
            AddReferences([path]);
            return null;
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            return Failure($"{target} is not a .NET library that can be loaded ({path}).");
        }
    }

    /// <summary>Runs what a package brings for notebooks that reference it, once: cells of C#, or a library's own code.</summary>
    internal async Task<CellFailure?> RunExtensionsAsync(IEnumerable<string> extensions, string name, CancellationToken cancellationToken)
    {
        foreach (var extension in extensions.Where(_extensions.Add))
        {
            if (Path.GetExtension(extension) == ".dll")
            {
                await InCellAsync("", name, _ => Do(() => LibraryExtension.Run(extension, _submissions.Load)), cancellationToken);
            }
            else if (await ExecuteAsync(await File.ReadAllTextAsync(extension, cancellationToken), name, cancellationToken) is { } failure)
            {
                return Failure($"The package's extension {extension} failed: {failure.Message}");
            }
        }

        return null;
    }

    private void AddReferences(IReadOnlyList<string> paths)
    {
        // What the host has, the session uses: a second copy of the formatters would be a registry that no one reads.
        _submissions.AddReferences([.. paths.Where(path => !SessionReferences.IsHosts(path))]);
    }

    private async Task<CellFailure?> ImportAsync(CellPart part, CancellationToken cancellationToken)
    {
        var file = ImportedCode.FileOf(part.Text);
        var path = Path.GetFullPath(Path.Combine(Folder, file));
        if (!File.Exists(path))
        {
            return Failure($"#!import: {file} is not there (looked for {path}).");
        }

        if (_imports.Contains(path))
        {
            return Failure($"#!import: {file} imports itself.");
        }

        _imports.Push(path);
        try
        {
            foreach (var (code, name) in ImportedCode.Read(path))
            {
                if (await ExecuteAsync(code, name, cancellationToken) is { } failure)
                {
                    return failure with
                    {
                        Line = null,
                        Traceback = [failure.Line is { } line ? $"in {name}, line {line}: {failure.SourceLine?.Trim()}" : $"in {name}", .. failure.Traceback],
                    };
                }
            }

            return null;
        }
        catch (Exception e) when (e is UnreadableNotebookException or IOException or UnauthorizedAccessException)
        {
            return Failure($"#!import: {e.Message}");
        }
        catch (CellStoppedException e)
        {
            // The line that it knows is the file's.
            throw new CellStoppedException(part.Line, e.IsStillRunning, e.CancellationToken);
        }
        finally
        {
            _imports.Pop();
        }
    }

    private Task<CellFailure?> RunAsync(string code, string name, CancellationToken cancellationToken) =>
        InCellAsync(code, name, abort => CompileAndRun(code, name, abort), cancellationToken);

    // On the thread of the cells, where all that is shown is this session's.
    private Task<CellFailure?> InCellAsync(string code, string name, Func<CancellationToken, CellFailure?> run, CancellationToken cancellationToken) => _thread.RunAsync(
        name,
        abort =>
        {
            s_current.Value = this;
            try
            {
                return run(abort);
            }
            catch (Exception e) when (e is not CellStoppedException && !abort.IsCancellationRequested)
            {
                return FailureReport.OfException(e, code, name);
            }
        },
        cancellationToken);

    private CellFailure? CompileAndRun(string code, string name, CancellationToken cancellationToken)
    {
        var marked = CellLine.Mark(code);
        CellLine.Begin();
        if (_submissions.Compile(code, marked, name, out var errors, cancellationToken) is not { } submission)
        {
            return FailureReport.OfCompilation(errors, code, name);
        }

        // Left there for whoever checks what an earlier cell was to declare.
        AppContext.SetData("notebook:does-not-compile", (Func<string, bool>)_submissions.IsBroken);
        CellFailure? failure = null;
        void Body()
        {
            try
            {
                if (_submissions.Run(submission, cancellationToken) is { } value)
                {
                    Output.Display(value, [], isResult: true);
                }
            }
            catch (Exception e) when (e is not (CellStoppedException or ThreadAbortException) && !cancellationToken.IsCancellationRequested)
            {
                failure = FailureReport.OfException(e, code, name);
            }
        }

        CellThread.Abortable(Body, cancellationToken);
        return failure;
    }
}

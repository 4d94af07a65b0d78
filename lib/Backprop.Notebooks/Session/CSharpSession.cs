using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Documents;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Notebooks.Session;

/// <summary>
/// A C# session as the kernel of .NET Interactive keeps one: cells share their variables, values are formatted by the
/// <see cref="Formatter"/> registry, and everything shown goes to one sink in the order in which it happens. It knows
/// nothing of notebook files, pages or the command line.
/// </summary>
/// <remarks>
/// A cell is stopped by aborting its thread. That ends endless loops and waits of managed code; it cannot end a call
/// into native code before that returns, nor work that the cell has moved to other threads or continues after an
/// <c>await</c>: the session stops waiting for these and they go on until the process ends.
/// The formatter registry is one for the process, so two sessions at the same time share it.
/// </remarks>
public sealed class CSharpSession
{
    /// <summary>As much text as an editor still opens; an endless loop that prints would otherwise fill the memory.</summary>
    private const int LargestText = 5_000_000;

    /// <summary>How long a stopped cell may take to come to its end before it is left behind.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private static readonly AsyncLocal<CSharpSession?> s_current = new();
    private readonly Action<CellOutput> _emit;
    private readonly Func<string?> _readLine;
    private readonly string? _alwaysIn;
    private readonly Lock _emitting = new();
    private readonly SubmissionChain _submissions;
    private readonly Stack<string> _imports = new();
    private int _displays;
    private long _written;
    private Thread? _leftBehind;
    private Thread? _thread;
    private volatile bool _isStopping;

    /// <summary>Starts a session; the formatters registered by an earlier one are forgotten.</summary>
    /// <param name="folder">The folder that files are named from, usually the notebook's own.</param>
    /// <param name="emit">Receives what the cells show, one output at a time, on the thread that shows it.</param>
    /// <param name="readLine">Asks the user for a line; without it, a cell that asks gets the end of the input instead of waiting for ever.</param>
    /// <param name="alwaysIn">A mime type in which every value is shown, beside those preferred for its type.</param>
    public CSharpSession(string folder, Action<CellOutput> emit, Func<string?>? readLine = null, string? alwaysIn = null)
    {
        Folder = Path.GetFullPath(folder);
        (_emit, _readLine, _alwaysIn) = (emit, readLine ?? (() => null), alwaysIn);
        _submissions = new(Folder, new LibraryContext());
        ConsoleCapture.Install();
        Formatter.ResetToDefault();
    }

    /// <summary>The folder that files are named from.</summary>
    public string Folder { get; }

    /// <summary>What the next cell can see.</summary>
    public SessionSnapshot Snapshot => new(_submissions.Code, _submissions.References, SessionReferences.Imports);

    /// <summary>The session whose cell the calling code belongs to, or null outside of one.</summary>
    internal static CSharpSession? Current => s_current.Value;

    internal static CSharpSession Required => Current
        ?? throw new InvalidOperationException("Values can be displayed only by a cell that runs in a notebook session.");

    /// <summary>Compiles and runs the code of one cell.</summary>
    /// <param name="code">The cell's text, magic commands included.</param>
    /// <param name="name">What to call the cell in stack traces, such as <c>cell 3</c>.</param>
    /// <param name="cancellationToken">Stops the cell; the session keeps what earlier cells made.</param>
    /// <returns>Null when the cell ran to its end, otherwise why it did not.</returns>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public async Task<CellFailure?> ExecuteAsync(string code, string name, CancellationToken cancellationToken = default)
    {
        if (_leftBehind is { IsAlive: true })
        {
            return Failure("An earlier cell could not be stopped and is still running. Wait for it to end, or restart the kernel.");
        }

        if (_imports.Count == 0)
        {
            _written = 0;
        }

        var watch = Stopwatch.StartNew();
        var isTimed = false;
        foreach (var part in CellPart.Split(code.ReplaceLineEndings("\n")))
        {
            var failure = part.Kind switch
            {
                "code" => await RunAsync(part.Text, name, cancellationToken),
                "#r" => await ReferenceAsync(part.Text, cancellationToken),
                "#!import" => await ImportAsync(part.Text, cancellationToken),
                "#!csharp" or "#!c#" => null,
                "#!time" => Do(() => isTimed = true),
                "#!markdown" => Do(() => Show(part.Text, "text/markdown")),
                "#!html" => Do(() => Show(part.Text, "text/html")),
                "#!javascript" or "#!js" => Do(() => Show($"<script type=\"text/javascript\">{part.Text}</script>", "text/html")),
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
            Show($"Wall time: {watch.Elapsed.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)}ms", "text/plain");
        }

        return null;
    }

    /// <summary>Compiles and runs a line, so that the first cell of the first notebook finds the compiler loaded.</summary>
    internal static Task WarmUpAsync() => new CSharpSession(Path.GetTempPath(), _ => { }).ExecuteAsync("1 + 1", "warm-up");

    internal DisplayedValue Display(object? value, IReadOnlyCollection<string> mimeTypes, bool isResult = false)
    {
        var data = Format(value, mimeTypes);
        var id = $"display-{Interlocked.Increment(ref _displays)}";
        Emit(new DisplayOutput(data, id, isResult));
        return new(this, id, [.. data.Keys]);
    }

    internal DisplayedValue DisplayAs(string? text, string mimeType)
    {
        var id = $"display-{Interlocked.Increment(ref _displays)}";
        Emit(new DisplayOutput(new Dictionary<string, string> { [mimeType] = text ?? "" }, id));
        return new(this, id, [mimeType]);
    }

    internal void Update(string displayId, object? value, IReadOnlyCollection<string> mimeTypes) =>
        Emit(new DisplayUpdate(displayId, value is string text ? mimeTypes.ToDictionary(mime => mime, _ => text) : Format(value, mimeTypes)));

    internal void Write(string stream, string text)
    {
        // A cell that prints is stopped here. To abort it inside the console could leave the console locked for ever.
        if (_isStopping && Thread.CurrentThread == _thread)
        {
            throw new CellStoppedException(null, isStillRunning: false, CancellationToken.None);
        }

        if (text.Length == 0 || _written > LargestText)
        {
            return;
        }

        _written += text.Length;
        Emit(new StreamOutput(stream, _written > LargestText ? "\n… the rest is left out: the cell printed more than 5 MB.\n" : text));
    }

    internal string? ReadLine() => _readLine();

    private Dictionary<string, string> Format(object? value, IReadOnlyCollection<string> mimeTypes)
    {
        IEnumerable<string> types = mimeTypes.Count > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType());
        if (mimeTypes.Count == 0 && _alwaysIn is not null)
        {
            types = types.Append(_alwaysIn);
        }

        return types.Distinct().ToDictionary(mime => mime, mime => value.ToDisplayString(mime));
    }

    private static CellFailure Failure(string message) => new("Error", message, null, null, []);

    private static CellFailure? Do(Action action)
    {
        action();
        return null;
    }

    private void Show(string text, string mimeType) => Emit(new DisplayOutput(new Dictionary<string, string> { [mimeType] = text }));

    private void Emit(CellOutput output)
    {
        // A stopped cell's thread is not aborted inside a finally block: the sink never sees half of an output.
        try
        {
        }
        finally
        {
            lock (_emitting)
            {
                _emit(output);
            }
        }
    }

    private async Task<CellFailure?> ReferenceAsync(string argument, CancellationToken cancellationToken)
    {
        var target = argument.Split('"') is [_, var quoted, ..] ? quoted.Trim() : argument;
        if (target.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            var nameAndVersion = target["nuget:".Length..].Split(',', StringSplitOptions.TrimEntries);
            try
            {
                AddReferences(await PackageFiles.FindAsync(nameAndVersion[0], nameAndVersion is [_, { Length: > 0 } version, ..] ? version : "*", cancellationToken));
                return null;
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

    private void AddReferences(IReadOnlyList<string> paths)
    {
        // What the host has, the session uses: a second copy of the formatters would be a registry that no one reads.
        _submissions.AddReferences([.. paths.Where(path => !SessionReferences.IsHosts(path))]);
    }

    private async Task<CellFailure?> ImportAsync(string argument, CancellationToken cancellationToken)
    {
        var file = argument.Trim('"', '\'').Replace('\\', '/');
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
        catch (UnreadableNotebookException e)
        {
            return Failure($"#!import: {e.Message}");
        }
        finally
        {
            _imports.Pop();
        }
    }

    private async Task<CellFailure?> RunAsync(string code, string name, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<CellFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var abort = new CancellationTokenSource();
        var thread = new Thread(() => RunOnThisThread(code, name, done, abort.Token), maxStackSize: 16 * 1024 * 1024)
        {
            Name = name,
            // A cell that cannot be stopped must not keep the process alive.
            IsBackground = true,
        };
        (_thread, _isStopping) = (thread, false);
        thread.Start();

        await using var stopped = cancellationToken.Register(() => Start(() => Stop(thread, abort, done, cancellationToken)));
        return await done.Task;
    }

    // On a thread of its own: what the cell has given to other threads may keep the whole pool busy.
    private static void Start(Action action) => new Thread(() => action()) { IsBackground = true }.Start();

    private void Stop(Thread thread, CancellationTokenSource abort, TaskCompletionSource<CellFailure?> done, CancellationToken cancellationToken)
    {
        _isStopping = true;
        for (var waited = Stopwatch.StartNew(); !done.Task.IsCompleted && waited.ElapsedMilliseconds < 100;)
        {
            Thread.Sleep(10);
        }

        // Aborting waits for the thread to take notice, so it must not be done on the thread that goes on here.
        Start(() =>
        {
            try
            {
                abort.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The cell came to its end just now.
            }
        });
        for (var waited = Stopwatch.StartNew(); !done.Task.IsCompleted && waited.Elapsed < s_grace;)
        {
            Thread.Sleep(20);
            // A sleep or a wait for a lock does not notice an abort; an interrupt wakes it.
            thread.Interrupt();
        }

        if (done.TrySetException(new CellStoppedException(null, isStillRunning: true, cancellationToken)))
        {
            _leftBehind = thread;
        }
    }

    private void RunOnThisThread(string code, string name, TaskCompletionSource<CellFailure?> done, CancellationToken cancellationToken)
    {
        s_current.Value = this;
        StackTrace? stoppedAt = null;
        var thread = Environment.CurrentManagedThreadId;
        void Watch(object? sender, FirstChanceExceptionEventArgs thrown)
        {
            if (thrown.Exception is ThreadAbortException or ThreadInterruptedException or CellStoppedException && Environment.CurrentManagedThreadId == thread)
            {
                stoppedAt ??= new StackTrace(fNeedFileInfo: true);
            }
        }

        // The abort arrives as a cancellation that has forgotten where it came from; here it can still be seen.
        AppDomain.CurrentDomain.FirstChanceException += Watch;
        try
        {
            var marked = CellLine.Mark(code);
            CellLine.Begin();
            if (_submissions.Compile(code, marked, name, out var errors, cancellationToken) is not { } submission)
            {
                done.TrySetResult(FailureReport.OfCompilation(errors, code, name));
                return;
            }

            CellFailure? failure = null;
            void Body()
            {
                try
                {
                    if (_submissions.Run(submission, cancellationToken) is { } value)
                    {
                        Display(value, [], isResult: true);
                    }
                }
                catch (Exception e) when (e is not (CellStoppedException or ThreadAbortException) && !cancellationToken.IsCancellationRequested)
                {
                    failure = FailureReport.OfException(e, code, name);
                }
            }

#pragma warning disable SYSLIB0046 // The one way to end a loop that looks at no token; made for hosts of scripts like this one.
            System.Runtime.ControlledExecution.Run(Body, cancellationToken);
#pragma warning restore SYSLIB0046
            done.TrySetResult(failure);
        }
        catch (Exception e) when (e is CellStoppedException || cancellationToken.IsCancellationRequested)
        {
            done.TrySetException(new CellStoppedException(stoppedAt is null ? null : FailureReport.LineOf(stoppedAt, name), isStillRunning: false, cancellationToken));
        }
        catch (Exception e)
        {
            done.TrySetResult(FailureReport.OfException(e, code, name));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Watch;
        }
    }
}

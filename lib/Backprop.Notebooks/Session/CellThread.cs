using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Backprop.Notebooks.Session;

/// <summary>Runs a session's cells one after the other, each on a thread of its own, and stops them.</summary>
/// <remarks>
/// A cell is stopped by aborting its thread. That ends endless loops and waits of managed code; it cannot end a call
/// into native code before that returns, nor work that the cell has moved to other threads or continues after an
/// <c>await</c>: these are left behind and go on until the process ends.
/// </remarks>
internal sealed class CellThread
{
    /// <summary>How long a stopped cell may take to come to its end before it is left behind.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private Thread? _thread;
    private Thread? _leftBehind;
    private volatile bool _isStopping;

    /// <summary>True while a cell that could not be stopped is still running.</summary>
    public bool IsLeftBehind => _leftBehind is { IsAlive: true };

    /// <summary>True on the thread of a cell that is being stopped.</summary>
    public bool IsStoppingHere => _isStopping && Thread.CurrentThread == _thread;

    /// <summary>Runs a cell's work; what of it can be aborted, it gives to <see cref="Abortable"/>.</summary>
    /// <param name="name">What the cell is called in stack traces.</param>
    /// <param name="work">Compiles and runs the cell; returns why it failed, or null.</param>
    /// <param name="cancellationToken">Stops the cell.</param>
    /// <returns>What <paramref name="work"/> returned.</returns>
    /// <exception cref="CellStoppedException">The cell was stopped.</exception>
    public async Task<CellFailure?> RunAsync(string name, Func<CancellationToken, CellFailure?> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<CellFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var abort = new CancellationTokenSource();
        var thread = new Thread(() => RunHere(name, work, done, abort.Token), maxStackSize: 16 * 1024 * 1024)
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

    /// <summary>Runs code of a cell, on the cell's thread, so that the token ends it wherever it is.</summary>
    public static void Abortable(Action code, CancellationToken cancellationToken)
    {
#pragma warning disable SYSLIB0046 // The one way to end a loop that looks at no token; made for hosts of scripts like this one.
        System.Runtime.ControlledExecution.Run(code, cancellationToken);
#pragma warning restore SYSLIB0046
    }

    private static void RunHere(string name, Func<CancellationToken, CellFailure?> work, TaskCompletionSource<CellFailure?> done, CancellationToken cancellationToken)
    {
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
            done.TrySetResult(work(cancellationToken));
        }
        catch (Exception e) when (e is CellStoppedException || cancellationToken.IsCancellationRequested)
        {
            // Some places in optimised code belong to no line: then it is that of the whole statement.
            var line = (stoppedAt is null ? null : FailureReport.LineOf(stoppedAt, name)) ?? CellLine.OfStatement;
            done.TrySetException(new CellStoppedException(line, isStillRunning: false, cancellationToken));
        }
        catch (Exception e)
        {
            done.TrySetException(e);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Watch;
        }
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
}

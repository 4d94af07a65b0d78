using System.Collections.Concurrent;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>Tries many settings, such as every combination of two hyperparameters, on all cores.</summary>
public static class Sweep
{
    private static readonly AsyncLocal<bool> s_isUnderWay = new();

    /// <summary>True for code that a sweep calls: what it trains may well diverge, and the measurements say so.</summary>
    internal static bool IsUnderWay => s_isUnderWay.Value;

    /// <summary>Measures every combination of a row's value and a column's value; several at the same time.</summary>
    /// <typeparam name="TRow">What changes from row to row, such as the size of the hidden layer.</typeparam>
    /// <typeparam name="TColumn">What changes from column to column, such as the step size.</typeparam>
    /// <param name="rows">The values of the rows, at least one.</param>
    /// <param name="columns">The values of the columns, at least one.</param>
    /// <param name="measure">
    /// Trains a model of its own and returns how good it is. It is called on several threads at once, so it must change
    /// nothing that another call uses; it may look at the token to end early.
    /// </param>
    /// <param name="progress">Is told how many combinations are done, and of how many, on the thread that called.</param>
    /// <param name="cancellationToken">Ends the sweep: what has been measured is returned, the rest is NaN.</param>
    /// <remarks>Stopping the cell ends the sweep too, in every host.</remarks>
    /// <returns>(rows × columns), the same numbers whatever the number of cores.</returns>
    /// <exception cref="ArgumentException">There are no rows or no columns.</exception>
    /// <exception cref="AggregateException">Some of the calls failed; the sweep has ended.</exception>
    public static Matrix<double> Measure<TRow, TColumn>(
        IReadOnlyList<TRow> rows,
        IReadOnlyList<TColumn> columns,
        Func<TRow, TColumn, CancellationToken, double> measure,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(measure);
        if (rows.Count == 0 || columns.Count == 0)
        {
            throw new ArgumentException($"A sweep needs at least one row and one column, but has {rows.Count} and {columns.Count}.", rows.Count == 0 ? nameof(rows) : nameof(columns));
        }

        var measured = Matrix<double>.Build.Dense(rows.Count, columns.Count, double.NaN);
        ForEach(
            rows.Count * columns.Count,
            (i, token) => measure(rows[i / columns.Count], columns[i % columns.Count], token),
            (i, value) => measured[i / columns.Count, i % columns.Count] = value,
            progress,
            cancellationToken);
        return measured;
    }

    /// <summary>Runs something for every setting of a list, several at the same time, and keeps what each gives.</summary>
    /// <typeparam name="TSetting">A setting, such as a combination of hyperparameters.</typeparam>
    /// <typeparam name="TResult">What comes out of it, such as a trained network.</typeparam>
    /// <param name="settings">The settings, at least one.</param>
    /// <param name="run">
    /// Trains a model of its own. It is called on several threads at once, so it must change nothing that another call
    /// uses; it may look at the token to end early.
    /// </param>
    /// <param name="progress">Is told how many settings are done, and of how many, on the thread that called.</param>
    /// <param name="cancellationToken">Ends the sweep: what there is by then is returned, the rest is null.</param>
    /// <returns>One result a setting, in their order.</returns>
    /// <exception cref="ArgumentException">There are no settings.</exception>
    /// <exception cref="AggregateException">Some of the calls failed; the sweep has ended.</exception>
    public static TResult?[] Run<TSetting, TResult>(
        IReadOnlyList<TSetting> settings,
        Func<TSetting, CancellationToken, TResult> run,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(run);
        if (settings.Count == 0)
        {
            throw new ArgumentException("A sweep needs at least one setting, but the list is empty.", nameof(settings));
        }

        var results = new TResult?[settings.Count];
        ForEach(results.Length, (i, token) => run(settings[i], token), (i, result) => results[i] = result, progress, cancellationToken);
        return results;
    }

    private static void ForEach<TResult>(
        int total, Func<int, CancellationToken, TResult> run, Action<int, TResult> keep, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        using var done = new BlockingCollection<(int Index, TResult Value)>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, HostStop.Token);
        var last = -1;
        var working = Math.Min(total, Environment.ProcessorCount);
        // Threads of their own: a host whose pool is kept busy hears seconds later that the cell is to be stopped.
        var work = Task.WhenAll(Enumerable.Range(0, working).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        try
        {
            var count = 0;
            foreach (var (index, value) in done.GetConsumingEnumerable())
            {
                keep(index, value);
                progress?.Invoke(++count, total);
            }
        }
        finally
        {
            // Also when this thread is stopped from outside, or progress throws: no one is left working.
            ending.Cancel();
            WaitFor(work);
        }

        void Work()
        {
            s_isUnderWay.Value = true;
            try
            {
                while (!ending.IsCancellationRequested && Interlocked.Increment(ref last) is var i && i < total)
                {
                    done.Add((i, run(i, ending.Token)));
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // What it was at is not measured.
            }
            catch
            {
                // What the others are at is measured, and no more.
                Interlocked.Exchange(ref last, total);
                throw;
            }
            finally
            {
                if (Interlocked.Decrement(ref working) == 0)
                {
                    done.CompleteAdding();
                }
            }
        }
    }

    private static void WaitFor(Task work)
    {
        while (true)
        {
            try
            {
                work.Wait();
                return;
            }
            catch (ThreadInterruptedException)
            {
                // Who stops a cell wakes its thread from its waits, this one too.
            }
        }
    }
}

using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Backprop;

/// <summary>Large work is done in parts, by as many threads as there are cores.</summary>
/// <remarks>
/// How the work is cut depends on its size alone, and nothing is summed across parts here: whoever needs a sum makes one
/// a part and adds them in order. So results are the same, bit by bit, whatever the number of cores.
/// A training loop has work every few microseconds, for which Parallel.For takes too long to get its threads together
/// (it made two cores 1.25 times as fast as one, where this makes them 1.9 times as fast). So a helper, a thread of the
/// pool, stays for a moment to see whether more work comes. Nobody waits for helpers to come: the caller takes parts, too.
/// </remarks>
internal static class Cores
{
    // Numbers computed or fetched, some tens of microseconds: below that a second thread would come too late to help.
    private const long WorthSharing = 400_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMicroseconds(100);

    private static Job? s_underWay;
    private static int s_helpers;

    /// <summary>How many threads work at the same time, at most.</summary>
    public static int AtMost { get; set; } = Environment.ProcessorCount;

    /// <summary>Works on 0 to <paramref name="count"/> − 1, in parts of a given size.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="size">How many a part has; the last one may have fewer.</param>
    /// <param name="effort">How many multiplications, or numbers fetched, that is altogether: little work is not shared.</param>
    /// <param name="state">What the work is on, given to <paramref name="work"/> so that it need not be a new function for each call.</param>
    /// <param name="work">Works on a part: from where, and how many. It must write nothing that another part reads or writes.</param>
    public static void Split<TState>(int count, int size, long effort, TState state, Action<TState, int, int> work)
    {
        if (count > size && effort > WorthSharing && AtMost > 1)
        {
            InParts(count, size, state, work);
        }
        else if (count > 0)
        {
            work(state, 0, count);
        }
    }

    // A method of its own: what the function captures is allocated where its method begins, and small work allocates nothing.
    private static void InParts<TState>(int count, int size, TState state, Action<TState, int, int> work)
    {
        var job = new Job((count + size - 1) / size, part => work(state, part * size, Math.Min(size, count - part * size)));
        if (Interlocked.CompareExchange(ref s_underWay, job, null) is null)
        {
            while (Volatile.Read(ref s_helpers) < AtMost - 1)
            {
                Interlocked.Increment(ref s_helpers);
                ThreadPool.UnsafeQueueUserWorkItem(static _ => Help(), null);
            }

            job.TakeParts();
            Volatile.Write(ref s_underWay, null);
        }
        else
        {
            // The helpers are at somebody else's work: as in a sweep, where every core trains a network of its own.
            job.TakeParts();
        }

        job.AwaitOthers();
    }

    private static void Help()
    {
        Job? last = null;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience)
        {
            if (Volatile.Read(ref s_underWay) is { } job && job != last)
            {
                job.TakeParts();
                last = job;
                start = Stopwatch.GetTimestamp();
            }

            Thread.SpinWait(1);
        }

        Interlocked.Decrement(ref s_helpers);
    }

    private sealed class Job(int parts, Action<int> work)
    {
        private int _taken;
        private int _done;
        private ExceptionDispatchInfo? _failure;

        /// <summary>Works on one part after the other until all are taken.</summary>
        public void TakeParts()
        {
            for (var part = Interlocked.Increment(ref _taken) - 1; part < parts; part = Interlocked.Increment(ref _taken) - 1)
            {
                try
                {
                    work(part);
                }
                catch (Exception exception)
                {
                    _failure = ExceptionDispatchInfo.Capture(exception);
                }

                Interlocked.Increment(ref _done);
            }
        }

        public void AwaitOthers()
        {
            var spinner = new SpinWait();
            while (Volatile.Read(ref _done) < parts)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }

            _failure?.Throw();
        }
    }
}

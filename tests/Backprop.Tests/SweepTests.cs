using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Tests;

public class SweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_combination_is_measured_once_and_stands_in_its_place()
    {
        var calls = 0;

        var measured = Sweep.Measure([1, 2, 3], [10.0, 20.0], (row, column, _) => row * column + 0 * Interlocked.Increment(ref calls), cancellationToken: Token);

        Assert.Equal(Matrix<double>.Build.DenseOfArray(new double[,] { { 10, 20 }, { 20, 40 }, { 30, 60 } }), measured);
        Assert.Equal(6, calls);
    }

    [Fact]
    public void Progress_is_told_in_order_on_the_thread_that_called()
    {
        var thread = Environment.CurrentManagedThreadId;
        var told = new List<(int Done, int Total, int Thread)>();

        Sweep.Measure([1, 2, 3, 4], [1], (_, _, _) => 0, (done, total) => told.Add((done, total, Environment.CurrentManagedThreadId)), Token);

        Assert.Equal([(1, 4, thread), (2, 4, thread), (3, 4, thread), (4, 4, thread)], told);
    }

    [Fact]
    public void The_pools_threads_stay_free_for_the_host() => Assert.Equal(
        Matrix<double>.Build.Dense(20, 1, 0),
        Sweep.Measure(Enumerable.Range(0, 20).ToArray(), [0], (_, _, _) => Thread.CurrentThread.IsThreadPoolThread ? 1 : 0, cancellationToken: Token));

    [Fact]
    public void A_cancelled_sweep_keeps_what_it_has_and_leaves_the_rest_empty()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var measured = Sweep.Measure(
            Enumerable.Range(0, 1000).ToArray(),
            [0],
            (row, _, token) =>
            {
                if (row > 0)
                {
                    token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(5));
                }

                return row;
            },
            (_, _) => cancellation.Cancel(),
            cancellation.Token);

        var kept = measured.Column(0).Where(value => !double.IsNaN(value)).ToArray();
        Assert.InRange(kept.Length, 1, 999);
    }

    [Fact]
    public void Training_that_looks_at_the_token_is_ended_in_the_middle()
    {
        var (X, y) = Spiral.Generate(new NumpyRandom(0));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(200));

        // Some minutes of work, if no one ended it.
        var measured = Sweep.Measure(
            [100, 200],
            [1.0],
            (hidden, step, token) => TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, hidden, 3).Train(X, y, 5_000_000, step, cancellationToken: token)[^1],
            cancellationToken: cancellation.Token);

        Assert.All(measured.Enumerate(), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void A_failing_measurement_ends_the_sweep_and_is_told()
    {
        var failure = Assert.Throws<AggregateException>(() =>
            Sweep.Measure([1, 2], [1], (row, _, _) => row == 2 ? throw new InvalidOperationException("row 2") : 0, cancellationToken: Token));

        Assert.Contains(failure.InnerExceptions, inner => inner.Message == "row 2");
    }

    [Fact]
    public void A_failing_progress_display_leaves_no_one_working()
    {
        var running = 0;

        Assert.Throws<InvalidOperationException>(() => Sweep.Measure(
            Enumerable.Range(0, 100).ToArray(),
            [0],
            (_, _, token) =>
            {
                Interlocked.Increment(ref running);
                token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
                Interlocked.Decrement(ref running);
                return 0;
            },
            (_, _) => throw new InvalidOperationException(),
            Token));

        Assert.Equal(0, running);
    }

    [Fact]
    public void A_thread_that_is_woken_again_and_again_waits_until_no_one_is_working()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var working = 0;
        var thread = new Thread(() => Assert.Throws<ThreadInterruptedException>(() => Sweep.Measure([1], [1], (_, _, _) =>
        {
            working = 1;
            begun.Set();
            release.Wait(Token);
            working = 0;
            return 0;
        }, cancellationToken: Token)));
        thread.Start();
        begun.Wait(Token);

        for (var i = 0; i < 10; i++)
        {
            thread.Interrupt();
            Assert.False(thread.Join(20));
        }

        release.Set();
        thread.Join();
        Assert.Equal(0, working);
    }

    [Fact]
    public void What_a_setting_gives_stands_in_its_place_and_what_was_not_run_is_null()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var whole = Sweep.Run([3, 1, 2], (setting, _) => $"{setting}", cancellationToken: Token);
        cancellation.Cancel();
        var none = Sweep.Run([3, 1, 2], (setting, _) => $"{setting}", cancellationToken: cancellation.Token);

        Assert.Equal(["3", "1", "2"], whole);
        Assert.Equal([null, null, null], none);
        Assert.Throws<ArgumentException>(() => Sweep.Run(Array.Empty<int>(), (_, _) => "", cancellationToken: Token));
    }

    [Fact]
    public void An_empty_sweep_is_refused() =>
        Assert.Contains("0 and 1", Assert.Throws<ArgumentException>(() => Sweep.Measure(Array.Empty<int>(), [1], (_, _, _) => 0, cancellationToken: Token)).Message);
}

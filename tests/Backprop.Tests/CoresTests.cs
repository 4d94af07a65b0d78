using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Algebra;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

/// <summary>Work that is shared among cores gives the same bits whatever their number, and none of it is lost.</summary>
public class CoresTests
{
    // Several chunks of rows and several parts of columns, with a rest in each: more work than one core does by itself.
    private const int m = 3001, d = 5, n = 205;

    private static readonly Matrix<double> s_x = Normal(m, d, 1), s_w = Normal(d, n, 2), s_b = Normal(1, n, 3), s_z = Normal(m, n, 4), s_v = Normal(n, 3, 5);
    private static readonly int[] s_y = [.. Enumerable.Range(0, m).Select(i => i % 3)];

    public static TheoryData<string> Operations => [.. s_named.Keys];

    private static readonly Dictionary<string, Func<IEnumerable<Matrix<double>>>> s_named = new()
    {
        ["Affine"] = () => [Affine(s_x, s_w, s_b), Affine(s_z, s_v, Normal(1, 3, 6))],
        ["Multiply"] = () => [Multiply(s_x, s_w), Multiply(s_z, s_v)],
        ["MultiplyTranspose"] = () => [MultiplyTranspose(Normal(m, 3, 7), s_v)],
        ["TransposeMultiply"] = () => [TransposeMultiply(s_x, s_z), TransposeMultiply(s_z, s_x)],
        ["ColumnSums"] = () => [ColumnSums(s_z)],
        ["AddRow"] = () => [AddRow(s_z, s_b)],
        ["DivideRows"] = () => [DivideRows(s_z, Normal(m, 1, 8))],
        ["AddScaled"] = () => [AddScaled(s_z, 0.3, Normal(m, n, 9))],
        ["PointwiseMultiply"] = () => [PointwiseMultiply(s_z, Normal(m, n, 9))],
        ["Scale"] = () => [Scale(s_z, 0.3)],
        ["Exp"] = () => [Exp(s_z)],
        ["Activations"] = () => [Activations.Relu(s_z), Activations.ReluPrime(s_z), Activations.Logistic(s_z), Activations.LogisticPrime(s_z), Activations.Tanh(s_z), Activations.TanhPrime(s_z)],
        ["Grad"] = () =>
        {
            var (dW, db, dV) = Gradient.Grad(Loss)(s_w, s_b, s_v);
            return [dW, db, dV];
        },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void One_two_and_four_cores_give_the_same_bits(string operation)
    {
        var results = new[] { 1, 2, 4 }.Select(cores => WithCores(cores, () => s_named[operation]().SelectMany(matrix => matrix.Enumerate()).Select(BitConverter.DoubleToInt64Bits).ToArray())).ToArray();

        Assert.NotEmpty(results[0]);
        Assert.All(results, bits => Assert.Equal(results[0], bits));
    }

    [Fact]
    public void Every_part_is_worked_on_once()
    {
        var times = new int[100_001];

        WithCores(4, () =>
        {
            Cores.Split(times.Length, 10, long.MaxValue, times, static (times, from, count) =>
            {
                for (var i = from; i < from + count; i++)
                {
                    Interlocked.Increment(ref times[i]);
                }
            });
            return 0;
        });

        Assert.All(times, time => Assert.Equal(1, time));
    }

    [Fact]
    public void Work_within_shared_work_and_work_of_several_threads_at_once_is_done_too()
    {
        var sum = 0L;

        WithCores(4, () =>
        {
            Parallel.For(0, 8, _ => Cores.Split(20, 1, long.MaxValue, 0, (_, from, count) =>
                Cores.Split(30, 1, long.MaxValue, 0, (_, from, count) => Interlocked.Add(ref sum, count))));
            return 0;
        });

        Assert.Equal(8 * 20 * 30, sum);
    }

    [Fact]
    public void What_fails_in_a_part_is_thrown_where_the_work_was_asked_for() => WithCores(4, () =>
        Assert.Throws<InvalidOperationException>(() =>
            Cores.Split(100, 1, long.MaxValue, 0, (_, from, count) => throw new InvalidOperationException())));

    [Fact]
    public void Little_work_is_done_by_the_thread_that_asks_for_it()
    {
        var threads = new HashSet<int>();

        WithCores(4, () =>
        {
            Cores.Split(100, 1, 1000, threads, static (threads, from, count) => threads.Add(Environment.CurrentManagedThreadId));
            return 0;
        });

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    private static Variable Loss(Variable W, Variable b, Variable V) =>
        Primitives.CrossEntropy(Primitives.Tanh(s_x * W + b) * V, s_y) + Primitives.Sum(Primitives.Power(W, 2));

    /// <summary>Tests that run at the same time may be given the same number: their results are the same with any.</summary>
    private static T WithCores<T>(int cores, Func<T> work)
    {
        var usual = Cores.AtMost;
        Cores.AtMost = cores;
        try
        {
            return work();
        }
        finally
        {
            Cores.AtMost = usual;
        }
    }
}

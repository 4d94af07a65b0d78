using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>Something that a reader was asked to compute, and the truth.</summary>
public sealed class Answer
{
    private readonly Func<Matrix<double>?> _given;
    private readonly Matrix<double> _expected;
    private readonly string? _wrongType;
    private readonly bool _areLabels;

    /// <summary>A matrix.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="given">Runs the reader's code. Null and <see cref="NotImplementedException"/> mean that there is none yet.</param>
    /// <param name="expected">The truth, of any shape but the empty one.</param>
    /// <exception cref="ArgumentException">The truth is empty.</exception>
    public Answer(string name, Func<Matrix<double>?> given, Matrix<double> expected)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(expected);
        Shape.ThrowIfEmpty(expected, nameof(expected));
        (Name, _given, _expected) = (name, given, expected);
    }

    /// <summary>A number.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="given">Runs the reader's code. <see cref="NotImplementedException"/> means that there is none yet.</param>
    /// <param name="expected">The truth.</param>
    public Answer(string name, Func<double> given, double expected)
        : this(name, () => Of(given()), Of(expected))
    {
    }

    /// <summary>Labels, such as the class of each point.</summary>
    /// <param name="name">What messages call them.</param>
    /// <param name="given">Runs the reader's code. Null and <see cref="NotImplementedException"/> mean that there is none yet.</param>
    /// <param name="expected">The truth, at least one label. Both are compared as a column (length × 1).</param>
    /// <exception cref="ArgumentException">The truth is empty.</exception>
    public Answer(string name, Func<int[]?> given, int[] expected)
        : this(name, () => given() is { } labels ? Column(labels) : null, Column(expected)) => _areLabels = true;

    /// <summary>The value of a variable that should be a number, whatever it is.</summary>
    /// <param name="variable">The variable's name, which is what messages call it.</param>
    /// <param name="given">Its value; NaN and null mean that there is no answer yet.</param>
    /// <param name="expected">The truth.</param>
    public Answer(string variable, object? given, double expected)
        : this(variable, () => CSharpTypes.AsNumber(given) is { } number && !double.IsNaN(number) ? Of(number) : null, Of(expected))
    {
        Variable = variable;
        if (given is not null && CSharpTypes.AsNumber(given) is null)
        {
            _wrongType = $"{variable} is of type {CSharpTypes.Name(given.GetType())}, but a number is expected.";
        }
    }

    /// <summary>The value of a variable that should be a matrix, whatever it is.</summary>
    /// <param name="variable">The variable's name, which is what messages call it.</param>
    /// <param name="given">Its value; null means that there is no answer yet.</param>
    /// <param name="expected">The truth, of any shape but the empty one.</param>
    /// <exception cref="ArgumentException">The truth is empty.</exception>
    public Answer(string variable, object? given, Matrix<double> expected)
        : this(variable, () => given as Matrix<double>, expected)
    {
        Variable = variable;
        if (given is not null and not Matrix<double>)
        {
            _wrongType = $"{variable} is of type {CSharpTypes.Name(given.GetType())}, but a matrix is expected.";
        }
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The largest difference that still counts as right; a millionth of the largest element when left out.</summary>
    public double? Within { get; init; }

    /// <summary>Answers that are easily given instead, and what to say then.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>The notebook's variable that it is the value of; null where code computes it.</summary>
    internal string? Variable { get; }

    internal static Matrix<double> Of(double number) => Matrix<double>.Build.Dense(1, 1, number);

    /// <summary>A sentence, or null where the answer is right.</summary>
    /// <exception cref="NotImplementedException">There is no answer yet.</exception>
    internal string? WhatIsWrong()
    {
        if (_wrongType is not null)
        {
            return _wrongType;
        }

        if (_given() is not { } value)
        {
            throw new NotImplementedException();
        }

        if (_areLabels && value.RowCount != _expected.RowCount)
        {
            return $"{Name} has {value.RowCount} {(value.RowCount == 1 ? "label" : "labels")}, but {_expected.RowCount} are expected.";
        }

        if (value.RowCount != _expected.RowCount || value.ColumnCount != _expected.ColumnCount)
        {
            var transposed = value.RowCount == _expected.ColumnCount && value.ColumnCount == _expected.RowCount;
            return $"{Name} is {Shape.Of(value)}, but {Shape.Of(_expected)} is expected{(transposed ? ": it is transposed" : "")}.";
        }

        foreach (var (i, j, element) in value.EnumerateIndexed())
        {
            if (!double.IsFinite(element))
            {
                return Say($"{(IsNumber ? Name : $"{Name}[{i}, {j}]")} is {element}, but a finite number is expected.");
            }
        }

        return IsClose(value, _expected) ? null
            : Mistakes.FirstOrDefault(mistake => Like(mistake.Value) && IsClose(value, mistake.Value))?.Hint ?? Difference(value);
    }

    private string Difference(Matrix<double> value)
    {
        if (IsClose(value, -_expected))
        {
            return $"{Name} has the wrong sign.";
        }

        if (IsNumber)
        {
            return Say($"{Name} = {value[0, 0]:G6} is too {(value[0, 0] < _expected[0, 0] ? "small" : "large")}.");
        }

        if (value.Enumerate().All(element => element == 0))
        {
            return $"{Name} is zero everywhere.";
        }

        return OneFactor(value) is { } factor ? Say($"{Name} {(factor < 0 ? "has the wrong sign, and" : "is the right matrix, but")} {HowLarge(Math.Abs(factor))}: look at what you multiply and divide by.")
            : LargestDifference(value);
    }

    // The number that every element is off by; null where there is no such number.
    private double? OneFactor(Matrix<double> value)
    {
        var size = SumOfProducts(_expected, _expected);
        var factor = size == 0 ? 0 : SumOfProducts(value, _expected) / size;
        return factor != 0 && IsClose(value / factor, _expected) ? factor : null;
    }

    private string LargestDifference(Matrix<double> value)
    {
        var differences = (value - _expected).PointwiseAbs();
        var (i, j, _) = differences.EnumerateIndexed().MaxBy(element => element.Item3);
        var wrong = differences.Enumerate().Count(difference => difference > Tolerance);
        if (_areLabels)
        {
            return Say($"{Name} differs in {wrong} of {value.RowCount} labels, first at [{value.EnumerateIndexed().First(element => element.Item3 != _expected[element.Item1, 0]).Item1}].");
        }

        return Say($"{Name} differs in {wrong} of {value.RowCount * value.ColumnCount} elements, most at [{i}, {j}]: {value[i, j]:G6}, but {_expected[i, j]:G6} is expected.");
    }

    private static string HowLarge(double factor) => factor >= 1
        ? Say($"every element is {factor:G4} times what it should be")
        : Say($"every element is what it should be divided by {1 / factor:G4}");

    private static double SumOfProducts(Matrix<double> A, Matrix<double> B) => A.PointwiseMultiply(B).Enumerate().Sum();

    private static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);

    private double Tolerance => Within ?? 1e-6 * Math.Max(_expected.Enumerate().Max(Math.Abs), 1e-6);

    // Any two numbers differ by one factor, so that says nothing about a number, whether predicted or computed.
    private bool IsNumber => (_expected.RowCount, _expected.ColumnCount) == (1, 1);

    private bool Like(Matrix<double> other) => other.RowCount == _expected.RowCount && other.ColumnCount == _expected.ColumnCount;

    private bool IsClose(Matrix<double> value, Matrix<double> to) =>
        value.Enumerate().Zip(to.Enumerate()).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);

    private static Matrix<double> Column(int[] labels) =>
        labels.Length == 0 ? Dense.New(0, 1) : Matrix<double>.Build.Dense(labels.Length, 1, (i, _) => labels[i]);
}

/// <summary>A wrong answer that is easily given.</summary>
/// <param name="Value">The wrong answer, of the shape of the right one.</param>
/// <param name="Hint">A sentence that says how it comes about.</param>
public sealed record Mistake(Matrix<double> Value, string Hint)
{
    /// <summary>A wrong number.</summary>
    /// <param name="value">The wrong answer.</param>
    /// <param name="hint">A sentence that says how it comes about.</param>
    public Mistake(double value, string hint)
        : this(Answer.Of(value), hint)
    {
    }
}

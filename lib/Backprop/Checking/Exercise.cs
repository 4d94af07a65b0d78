namespace Backprop;

/// <summary>Checks what a reader wrote in an exercise of a notebook, and says in a sentence what is wrong with it.</summary>
public static class Exercise
{
    /// <summary>Compares answers with the truth, in the order given, up to the first that is not right.</summary>
    /// <param name="number">The exercise's number in its notebook, from 1.</param>
    /// <param name="answers">What the reader's code gives, and what it should give; at least one.</param>
    /// <returns>What displays as one line. Nothing that the reader's code throws comes out, so that the notebook runs on.</returns>
    /// <exception cref="ArgumentException">There is no answer to check.</exception>
    /// <exception cref="OperationCanceledException">The reader stopped the cell.</exception>
    public static Verdict Check(int number, params Answer[] answers) => Check(number, [], answers);

    /// <summary>As the other, for answers that a function of the reader's gives.</summary>
    /// <param name="number">The exercise's number in its notebook, from 1.</param>
    /// <param name="function">The reader's function: it must be the newest of its name, and not one that was changed into something that does not compile.</param>
    /// <param name="answers">What it gives, and what it should give; at least one.</param>
    /// <inheritdoc cref="Check(int, Answer[])"/>
    public static Verdict Check(int number, Delegate function, params Answer[] answers)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Check(number, [function], answers);
    }

    /// <summary>As the other, for an exercise in which several functions are written.</summary>
    /// <param name="number">The exercise's number in its notebook, from 1.</param>
    /// <param name="functions">The reader's functions.</param>
    /// <param name="answers">What they give, and what they should give; at least one.</param>
    /// <inheritdoc cref="Check(int, Answer[])"/>
    public static Verdict Check(int number, IReadOnlyList<Delegate> functions, params Answer[] answers)
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Length == 0)
        {
            throw new ArgumentException("There is no answer to check.", nameof(answers));
        }

        if (functions.Select(CellFunction.WhatIsOutOfDate).Concat(answers.Select(answer => answer.Variable is { } variable ? CellFunction.WhatIsOutOfDate(variable) : null))
            .FirstOrDefault(sentence => sentence is not null) is { } outOfDate)
        {
            return new Verdict(number, Progress.Wrong, outOfDate);
        }

        foreach (var answer in answers)
        {
            try
            {
                if (answer.WhatIsWrong() is { } wrong)
                {
                    return new Verdict(number, Progress.Wrong, wrong);
                }
            }
            catch (NotImplementedException)
            {
                return new Verdict(number, Progress.NotFilledIn, "Fill in the cell above, run it, then run this one.");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return new Verdict(number, Progress.Wrong, $"{answer.Name} was not computed. {WhatStopped(e)}");
            }
        }

        return new Verdict(number, Progress.Right, "");
    }

    /// <summary>The verdict on functions of which at least one has other parameters or another result than the exercise asks for.</summary>
    /// <param name="number">The exercise's number in its notebook, from 1.</param>
    /// <param name="functions">Each function of the reader's, and the type of delegate that it should fit.</param>
    /// <returns>What displays as one line.</returns>
    /// <exception cref="ArgumentException">All of them fit.</exception>
    public static Verdict WrongType(int number, params (Delegate Given, Type Expected)[] functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        var wrong = functions.Select(function => CellFunction.WhatIsWrong(function.Given, function.Expected)).FirstOrDefault(sentence => sentence is not null)
            ?? throw new ArgumentException("Every function has the type that is expected.", nameof(functions));
        return new Verdict(number, Progress.Wrong, wrong);
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");

    private static string WhatStopped(Exception e) => e switch
    {
        // Without the name of a parameter it is Math.NET's, about two shapes.
        IndexOutOfRangeException or ArgumentOutOfRangeException { ParamName.Length: > 0 } =>
            $"The code uses a row, a column or an element that is not there: {OneLine(e)}",
        ArgumentException => $"The code passes on something that does not fit: {OneLine(e)}",
        NullReferenceException => "The code uses something that is null.",
        _ => $"The code stopped with {e.GetType().Name}: {OneLine(e)}",
    };
}

/// <summary>How far an exercise is.</summary>
public enum Progress
{
    /// <summary>The reader has not answered it yet.</summary>
    NotFilledIn,

    /// <summary>The answer is not the expected one.</summary>
    Wrong,

    /// <summary>The answer is the expected one.</summary>
    Right,
}

/// <summary>What <see cref="Exercise"/> found.</summary>
/// <param name="Number">The exercise's number.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Hint">What to do or to look at next; empty when the answer is right.</param>
public sealed record Verdict(int Number, Progress Progress, string Hint)
{
    /// <summary>One line, such as <c>Exercise 2: right.</c></summary>
    public override string ToString() => Progress switch
    {
        Progress.Right => $"Exercise {Number}: right.",
        Progress.NotFilledIn => $"Exercise {Number}: not filled in yet. {Hint}",
        _ => $"Exercise {Number}: not right yet. {Hint}",
    };
}

using System.Globalization;

namespace Backprop;

/// <summary>Looks at the losses of a training that has ended.</summary>
public static class Losses
{
    /// <summary>A loss this many times the first one does not come back.</summary>
    private const double Beyond = 1e6;

    /// <summary>
    /// Prints a sentence when the losses grew without end: where one is not a finite number, or above a million times
    /// the first (above a million where the first is below 1). Prints nothing otherwise. One line behind a training loop.
    /// </summary>
    /// <param name="losses">The losses, in order.</param>
    /// <param name="every">How many iterations lie between two of them.</param>
    public static void SayIfDiverged(IEnumerable<double> losses, int every = 1)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        if (WhereDiverged(losses) is { } place)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The training diverged: at iteration {(long)place.Index * every} the loss is {place.Loss:G3}. Try a smaller step size."));
        }
    }

    /// <summary>Which of the losses is the first to show that they grow without end, as <see cref="SayIfDiverged"/> prints it.</summary>
    /// <param name="losses">The losses, in order.</param>
    /// <returns>Its index, and the loss; null where training did not diverge.</returns>
    public static (int Index, double Loss)? WhereDiverged(IEnumerable<double> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var index = 0;
        var limit = double.NaN;
        foreach (var loss in losses)
        {
            if (index == 0)
            {
                limit = Beyond * Math.Max(Math.Abs(loss), 1);
            }

            if (!double.IsFinite(loss) || loss > limit)
            {
                return (index, loss);
            }

            index++;
        }

        return null;
    }
}

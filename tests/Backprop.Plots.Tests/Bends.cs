namespace Backprop.Plots.Tests;

/// <summary>Lines on which hidden units bend, as charts draw them.</summary>
internal static class Bends
{
    /// <summary>Whether each line lies where its unit's input is 0, and its stroke where that is above 0.</summary>
    public static void AreOf(TwoLayerNetwork network, double?[] x, double?[] y)
    {
        // Six places a line: from, middle, the stroke's tip, middle, to, gap.
        Assert.Equal(6 * network.W1.ColumnCount, x.Length);
        for (var j = 0; j < network.W1.ColumnCount; j++)
        {
            double Input(int at) => network.W1[0, j] * x[6 * j + at]!.Value + network.W1[1, j] * y[6 * j + at]!.Value + network.b1[0, j];
            Assert.All([0, 1, 3, 4], at => Assert.Equal(0, Input(at), 1e-3));
            Assert.True(Input(2) > 0);
            Assert.Null(x[6 * j + 5]);
        }
    }
}

namespace Backprop;

/// <summary>
/// Sine and cosine with the very bits that NumPy gives where it uses a processor's 512-bit vectors. They may be
/// 3 units in the last place away from the true value; those of <see cref="Math"/> are closer to it, and differ.
/// </summary>
/// <remarks>
/// The argument is brought near 0 by subtracting a multiple of π in three pieces (Cody and Waite), and an odd
/// polynomial of degree 15 follows. Order and coefficients are those of Intel's short vector math library as
/// NumPy ships it (BSD-3-Clause). Meant for angles of moderate size, |x| up to 10⁵.
/// </remarks>
internal static class NumpyMath
{
    private const double InversePi = 0.3183098861837907;

    // π in three pieces, each holding the bits that the one before leaves off.
    private const double Pi1 = 3.141592653589793;
    private const double Pi2 = 1.224646799147353e-16;
    private const double Pi3 = 2.165713347843828e-32;

    private static ReadOnlySpan<double> SineCoefficients =>
    [
        -7.373344533110665e-13, 1.6048095404959637e-10, -2.505188027386288e-08, 2.7557316600552628e-06,
        -0.00019841269825056256, 0.008333333333285542, -0.16666666666666186,
    ];

    private static ReadOnlySpan<double> CosineCoefficients =>
    [
        -7.37280909726507e-13, 1.6048055576979365e-10, -2.505187912674299e-08, 2.755731658449074e-06,
        -0.00019841269824944275, 0.00833333333328519, -0.16666666666666183,
    ];

    public static double Sin(double x)
    {
        // Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number.
        const double shifter = 6755399441055744.0;
        var n = Math.FusedMultiplyAdd(x, InversePi, shifter) - shifter;
        var near = Math.FusedMultiplyAdd(-n, Pi2, Math.FusedMultiplyAdd(-n, Pi1, x));
        var r = Math.FusedMultiplyAdd(-n, Pi3, near);
        var sine = OddPolynomial(r, near * near, SineCoefficients);
        return double.IsOddInteger(n) ? -sine : sine;
    }

    public static double Cos(double x)
    {
        // cos x is ± the sine of the distance to the nearest zero of the cosine, an odd multiple of π/2.
        var size = Math.Abs(x);
        var turns = FloorOfProduct(size, InversePi);
        var n = turns + 0.5;
        var near = Math.FusedMultiplyAdd(n, Pi2, Math.FusedMultiplyAdd(n, Pi1, -size));
        var r = Math.FusedMultiplyAdd(n, Pi3, near);
        var cosine = OddPolynomial(r, near * near, CosineCoefficients);
        return double.IsOddInteger(turns) ? -cosine : cosine;
    }

    private static double OddPolynomial(double r, double r2, ReadOnlySpan<double> coefficients)
    {
        var polynomial = coefficients[0];
        foreach (var coefficient in coefficients[1..])
        {
            polynomial = Math.FusedMultiplyAdd(polynomial, r2, coefficient);
        }

        return Math.FusedMultiplyAdd(polynomial, r2 * r, r);
    }

    /// <summary>⌊a b⌋ of the exact product, not of the rounded one.</summary>
    private static double FloorOfProduct(double a, double b)
    {
        var product = a * b;
        var floor = Math.Floor(product);
        var roundingError = Math.FusedMultiplyAdd(a, b, -product);
        return product == floor && roundingError < 0 ? floor - 1 : floor;
    }
}

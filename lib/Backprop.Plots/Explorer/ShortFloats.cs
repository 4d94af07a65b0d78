namespace Backprop.Plots;

/// <summary>
/// Numbers as three bytes each, which are four characters in base 64: floats of single precision without their last eight
/// bits. The range is that of floats, the error at most 1 in 65,000, far below what a chart shows.
/// </summary>
internal static class ShortFloats
{
    public static byte[] Of(IEnumerable<double> values) =>
    [
        .. values.SelectMany(value =>
        {
            // Half of what is cut off is added, so that it is rounded; a number too large becomes infinite, as it should.
            var bits = BitConverter.SingleToUInt32Bits((float)value) + 0x80;
            return new[] { (byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24) };
        }),
    ];
}

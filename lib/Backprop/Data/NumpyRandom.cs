using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// NumPy's legacy random number generator (<c>numpy.random.seed</c>, <c>random_sample</c>, <c>randn</c>),
/// bit for bit, so that a C# run starts from the same numbers as the Python one.
/// </summary>
/// <remarks>
/// The Mersenne Twister MT19937 of Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally
/// equidistributed uniform pseudorandom number generator", ACM TOMACS 8 (1998); normal numbers by
/// Marsaglia's polar method, the second of each pair kept for the next call. Not safe for use by several
/// threads at once: give each its own generator.
/// </remarks>
public sealed class NumpyRandom
{
    private const int StateSize = 624;
    private const int MiddleWord = 397;

    private readonly uint[] _state = new uint[StateSize];
    private int _position;
    private double? _keptNormal;

    /// <summary>Creates the generator in the state that <c>numpy.random.seed(seed)</c> leaves it in.</summary>
    /// <param name="seed">Any 32-bit number.</param>
    public NumpyRandom(uint seed = 0) => Seed(seed);

    /// <summary>Starts again from <paramref name="seed"/>, as <c>numpy.random.seed(seed)</c> does.</summary>
    /// <param name="seed">Any 32-bit number.</param>
    public void Seed(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < StateSize; i++)
        {
            _state[i] = 1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30)) + (uint)i;
        }

        _position = StateSize;
        _keptNormal = null;
    }

    /// <summary>One number, uniform in [0, 1), with 53 random bits: <c>random_sample()</c>.</summary>
    public double RandomSample()
    {
        var high = NextUInt32() >> 5; // 27 bits
        var low = NextUInt32() >> 6;  // 26 bits
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// <summary><paramref name="count"/> numbers, uniform in [0, 1): <c>random_sample(count)</c>.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public Vector<double> RandomSample(int count) => Fill(count, RandomSample);

    /// <summary>One number from the standard normal distribution: <c>randn()</c>.</summary>
    public double Randn()
    {
        if (_keptNormal is { } kept)
        {
            _keptNormal = null;
            return kept;
        }

        double x1, x2, squaredRadius;
        do
        {
            x1 = 2.0 * RandomSample() - 1.0;
            x2 = 2.0 * RandomSample() - 1.0;
            squaredRadius = x1 * x1 + x2 * x2;
        }
        while (squaredRadius >= 1.0 || squaredRadius == 0.0);

        var factor = Math.Sqrt(-2.0 * Math.Log(squaredRadius) / squaredRadius);
        _keptNormal = factor * x1;
        return factor * x2;
    }

    /// <summary><paramref name="count"/> standard normal numbers: <c>randn(count)</c>.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public Vector<double> Randn(int count) => Fill(count, Randn);

    /// <summary>
    /// A matrix of standard normal numbers: <c>randn(rows, columns)</c>. It is filled row by row, as NumPy does.
    /// </summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there would be more numbers than an array holds.</exception>
    public Matrix<double> Randn(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);

        var matrix = Dense.New(rows, columns);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = Randn();
            }
        }

        return matrix;
    }

    private static Vector<double> Fill(int count, Func<double> next)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = next();
        }

        return Vector<double>.Build.Dense(numbers);
    }

    private uint NextUInt32()
    {
        if (_position == StateSize)
        {
            Twist();
        }

        var y = _state[_position++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (var i = 0; i < StateSize; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % StateSize] & 0x7fffffffu);
            _state[i] = _state[(i + MiddleWord) % StateSize] ^ (y >> 1) ^ ((y & 1) * 0x9908b0dfu);
        }

        _position = 0;
    }
}

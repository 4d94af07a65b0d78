using Backprop.Reference;

namespace Backprop.Tests;

public class NumpyRandomTests
{
    public static TheoryData<string> Seeds => [.. NumpyReference.Keys("randn_first_9_by_seed")];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Normal_numbers_are_NumPys_to_the_last_bit(string seed)
    {
        var expected = NumpyReference.Numbers("randn_first_9_by_seed", seed);

        Assert.Equal(expected, new NumpyRandom(uint.Parse(seed)).Randn(expected.Length).ToArray());
    }

    [Fact]
    public void Uniform_numbers_are_NumPys_to_the_last_bit()
    {
        var expected = NumpyReference.Numbers("random_sample_first_5_seed_0");

        Assert.Equal(expected, new NumpyRandom(0).RandomSample(expected.Length).ToArray());
    }

    [Fact]
    public void A_matrix_of_normal_numbers_is_filled_row_by_row()
    {
        var expected = NumpyReference.Matrix(3, 3, "randn_first_9_by_seed", "0");

        Assert.Equal(expected, new NumpyRandom(0).Randn(3, 3));
    }

    [Fact]
    public void The_same_seed_starts_the_same_numbers_again_and_forgets_the_kept_normal_number()
    {
        var random = new NumpyRandom(42);
        var first = random.Randn(3);

        random.Seed(42);

        Assert.Equal(first, random.Randn(3));
    }

    [Fact]
    public void The_state_is_twisted_many_times_without_repeating()
    {
        var random = new NumpyRandom(0);

        var numbers = random.RandomSample(10_000);

        Assert.All(numbers, number => Assert.InRange(number, 0, Math.BitDecrement(1)));
        Assert.Equal(10_000, numbers.Distinct().Count());
        Assert.InRange(numbers.Average(), 0.49, 0.51);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void A_matrix_needs_a_row_and_a_column(int rows, int columns) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumpyRandom(0).Randn(rows, columns));
}

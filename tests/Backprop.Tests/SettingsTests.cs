namespace Backprop.Tests;

public class SettingsTests
{
    [Fact]
    public void The_notebooks_settings_are_accepted() => Settings.Check(new
    {
        seed = 0u,
        pointsPerClass = 100,
        numClasses = 3,
        noise = 0.2,
        h = 100,
        iters = 10000,
        stepSize = 1.0,
        lambda = 1e-3,
        initialScale = 0.01,
        meshStep = 0.05,
        epsilon = 1e-5,
        batchSize = 32,
        momentum = 0.9,
        nonlinearity = Nonlinearity.Tanh,
    });

    public static TheoryData<object, string> Wrong => new()
    {
        { new { h = 0 }, "h = 0, but the number of hidden units must be a whole number from 1 to 100000." },
        { new { h = -3 }, "h = -3, but the number of hidden units must be" },
        { new { h = 2.5 }, "h = 2.5, but the number of hidden units must be" },
        { new { h = "abc" }, "h = \"abc\", but the number of hidden units must be" },
        { new { iters = 0 }, "iters = 0, but the number of iterations must be a whole number from 1 to" },
        { new { iters = -5 }, "iters = -5, but the number of iterations must be" },
        { new { numClasses = 1 }, "numClasses = 1, but the number of classes must be a whole number from 2 to" },
        { new { pointsPerClass = 1 }, "pointsPerClass = 1, but the number of points in each class must be a whole number from 2 to" },
        { new { seed = -1 }, "seed = -1, but the seed of the random numbers must be a whole number from 0 to 4294967295." },
        { new { noise = -0.1 }, "noise = -0.1, but the noise of the angle must be a number that is 0 or more." },
        { new { stepSize = 0 }, "stepSize = 0, but the step size must be a number above 0." },
        { new { stepSize = double.NaN }, "stepSize = NaN, but the step size must be a number above 0." },
        { new { lambda = double.PositiveInfinity }, "lambda = Infinity, but the strength of the regularisation must be" },
        { new { meshStep = 0.0 }, "meshStep = 0, but the distance between the points of the mesh must be a number above 0." },
        { new { momentum = 1.0 }, "momentum = 1, but the momentum must be a number from 0 up to, but not including, 1." },
        { new { nonlinearity = (Nonlinearity?)null }, "nonlinearity = null, but the nonlinearity must be Nonlinearity.Relu, Nonlinearity.Logistic or Nonlinearity.Tanh." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_that_does_not_do_is_named_with_its_value_and_with_what_it_may_be(object settings, string sentence)
    {
        var message = Assert.Throws<ArgumentException>(() => Settings.Check(settings)).Message;

        Assert.StartsWith(sentence, message);
        Assert.DoesNotContain("Parameter", message);
    }

    [Fact]
    public void The_first_wrong_setting_is_the_one_that_is_named() =>
        Assert.StartsWith("iters = 0,", Assert.Throws<ArgumentException>(() => Settings.Check(new { h = 1, iters = 0, stepSize = -1 })).Message);

    [Fact]
    public void A_setting_that_is_not_known_is_a_mistake_of_the_notebooks_author() =>
        Assert.StartsWith("Settings.Check does not know a setting hidden. It knows seed, pointsPerClass,", Assert.Throws<ArgumentException>(() => Settings.Check(new { hidden = 5 })).Message);
}

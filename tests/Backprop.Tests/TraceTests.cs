using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

/// <summary>The computation graph of one evaluation.</summary>
public class TraceTests
{
#pragma warning disable IDE1006 // The graph shows these names, as it shows those of a notebook's variables.
    private readonly Matrix<double> X = Normal(4, 2, 1);
    private readonly int[] y = [0, 1, 2, 1];
#pragma warning restore IDE1006
    private readonly Matrix<double> _hidden = Normal(2, 3, 2);
    private readonly Matrix<double> _bias = Normal(1, 3, 3);
    private readonly Matrix<double> _output = Normal(3, 3, 4);
    private readonly Matrix<double> _outputBias = Normal(1, 3, 5);

    private Variable ComputeLoss(Variable W1, Variable b1, Variable W2, Variable b2)
    {
        var S = Relu(X * W1 + b1) * W2 + b2;
        var expS = Exp(S - RowMax(S));
        var P = expS / RowSums(expS);
        return -Sum(Log(Gather(P, y))) / 4 + 0.5 * Sum(Power(W1, 2));
    }

    private ComputationGraph Traced() => Trace(ComputeLoss)(_hidden, _bias, _output, _outputBias);

    [Fact]
    public void Nodes_read_as_the_formulas_of_the_loss_in_the_order_of_evaluation() => Assert.Equal(
        [
            "W1", "b1", "W2", "b2", "X",
            "v₁ = X W1", "v₂ = v₁ + b1", "v₃ = ReLU(v₂)", "v₄ = v₃ W2", "v₅ = v₄ + b2",
            "v₆ = RowMax(v₅)", "v₇ = v₅ − v₆", "v₈ = Exp(v₇)", "v₉ = RowSums(v₈)", "v₁₀ = v₈ / v₉",
            "v₁₁ = Gather(v₁₀, y)", "v₁₂ = Log(v₁₁)", "v₁₃ = Sum(v₁₂)", "v₁₄ = −v₁₃", "v₁₅ = v₁₄ / 4",
            "v₁₆ = W1^2", "v₁₇ = Sum(v₁₆)", "v₁₈ = 0.5 v₁₇", "v₁₉ = v₁₅ + v₁₈",
        ],
        Traced().Nodes.Select(node => node.ToString()));

    [Fact]
    public void Labels_are_called_what_the_code_calls_them_and_y_where_they_have_no_name()
    {
        int[] tinyY = [1, 0, 2, 2];
        Variable Written(Variable S) => -Sum(Log(Gather(S, tinyY))) + CrossEntropy(S, tinyY) + CrossEntropy(S, tinyY.Reverse().ToArray());

        var formulas = Trace(Written)(Normal(4, 3, 1).PointwiseAbs()).Nodes.Select(node => node.Formula).ToArray();

        Assert.Contains("Gather(S, tinyY)", formulas);
        Assert.Contains("CrossEntropy(S, tinyY)", formulas);
        Assert.Contains("CrossEntropy(S, y)", formulas);
    }

    [Fact]
    public void Inputs_stand_before_what_is_computed_from_them_and_are_those_of_the_formula()
    {
        var nodes = Traced().Nodes;

        Assert.All(nodes, (node, place) => Assert.All(node.Inputs, input => Assert.InRange(input, 0, place - 1)));
        Assert.All(nodes, node => Assert.All(node.Inputs, input => Assert.Contains(nodes[input].Name, node.Formula)));
        Assert.Equal(["X", "W1"], nodes[5].Inputs.Select(input => nodes[input].Name));
        Assert.Equal(["v₅", "v₆"], nodes[11].Inputs.Select(input => nodes[input].Name));
    }

    [Fact]
    public void Kinds_tell_parameters_constants_and_results_apart()
    {
        var kinds = Traced().Nodes.Select(node => node.Kind).ToArray();

        Assert.All(kinds[..4], kind => Assert.Equal(NodeKind.Parameter, kind));
        Assert.Equal(NodeKind.Constant, kinds[4]);
        Assert.All(kinds[5..], kind => Assert.Equal(NodeKind.Operation, kind));
    }

    [Fact]
    public void Values_are_those_of_the_evaluation()
    {
        var graph = Traced();
        var byName = graph.Nodes.ToDictionary(node => node.Name, node => node.Value);

        Assert.Equal(X, byName["X"]);
        Assert.Equal(_hidden, byName["W1"]);
        AssertClose(X * _hidden, byName["v₁"], 1e-15);
        AssertClose(byName["v₂"].PointwiseMaximum(0), byName["v₃"], 1e-15);
        Assert.Equal((double)ComputeLoss(_hidden, _bias, _output, _outputBias), graph.Loss.Value[0, 0], 1e-15);
        Assert.Same(graph.Nodes[^1], graph.Loss);
    }

    [Fact]
    public void Gradients_of_parameters_are_those_of_Grad()
    {
        var (dW1, db1, dW2, db2) = Grad(ComputeLoss)(_hidden, _bias, _output, _outputBias);

        Assert.Equal([dW1, db1, dW2, db2], Traced().Nodes.Take(4).Select(node => node.Gradient));
    }

    [Fact]
    public void Every_result_has_the_gradient_that_a_small_change_of_it_would_show()
    {
        // The scores S are v₅; the rest of the loss as a function of them.
        var scores = Traced().Nodes.Single(node => node.Name == "v₅");
        var expected = Softmax.Gradient(scores.Value, y);

        AssertClose(expected, scores.Gradient!, 1e-14);
        Assert.Equal(1, Traced().Loss.Gradient![0, 0]);
        Assert.Null(Traced().Nodes[4].Gradient);
    }

    [Fact]
    public void A_variable_used_twice_is_one_node_with_the_sum_of_both_gradients()
    {
        var A = Normal(3, 4, 1);
        var graph = Trace(A => Sum(A) + Sum(PointwiseMultiply(A, A)))(A);

        var node = Assert.Single(graph.Nodes, node => node.Name == "A");
        AssertClose(Matrix<double>.Build.Dense(3, 4, 1) + 2 * A, node.Gradient!, 1e-15);
        Assert.Equal([0, 0], graph.Nodes.Single(node => node.Formula == "A ⊙ A").Inputs);
    }

    [Fact]
    public void A_constant_used_twice_is_one_node()
    {
        var graph = Trace(A => Sum(X * A) + Sum(X * A))(_hidden);

        Assert.Single(graph.Nodes, node => node.Kind == NodeKind.Constant);
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_is_a_node_with_a_gradient_of_zeros()
    {
        var graph = Trace((unused, b1) => Sum(b1))(_hidden, _bias);

        Assert.Equal(["unused", "b1", "v₁ = Sum(b1)"], graph.Nodes.Select(node => node.ToString()));
        Assert.Equal(Algebra.Zeros(2, 3), graph.Nodes[0].Gradient);
        Assert.Equal([1], graph.Nodes[2].Inputs);
    }

    [Fact]
    public void A_result_that_the_loss_does_not_use_has_a_gradient_of_zeros()
    {
        var graph = Trace(b =>
        {
            var loss = Sum(b);
            _ = Exp(b);
            return loss;
        })(_bias);

        Assert.Equal(Algebra.Zeros(1, 3), graph.Nodes.Single(node => node.Formula == "Exp(b)").Gradient);
        Assert.Equal("v₁", graph.Loss.Name);
    }

    [Fact]
    public void A_loss_that_depends_on_no_parameter_is_a_constant()
    {
        var graph = Trace((Variable b) => (Variable)3.0)(_bias);

        Assert.Equal(NodeKind.Constant, graph.Loss.Kind);
        Assert.Equal(Algebra.Zeros(1, 3), graph.Nodes[0].Gradient);
    }

    [Fact]
    public void Numbers_are_in_the_formula_and_are_no_nodes()
    {
        var graph = Trace(w => Power(3 - w, 2) * 0.25 + -2)(Normal(1, 1, 1));

        Assert.Equal(["w", "v₁ = 3 − w", "v₂ = v₁^2", "v₃ = 0.25 v₂", "v₄ = v₃ + (−2)"], graph.Nodes.Select(node => node.ToString()));
    }

    [Fact]
    public void Constants_are_called_as_in_the_code_where_they_have_a_name_there()
    {
        var local = Normal(3, 2, 6);

        var graph = Trace(W => Sum(X * W * local) + Sum(Normal(2, 2, 7) * W))(_hidden);

        Assert.Equal(["X", "local", "c₁"], graph.Nodes.Where(node => node.Kind == NodeKind.Constant).Select(node => node.Name));
    }

    [Fact]
    public void One_to_six_parameters_and_arrays_are_called_as_in_the_code()
    {
        var M = Normal(1, 1, 1);

        Assert.Equal(["a"], Names(Trace(a => a)(M)));
        Assert.Equal(["a", "b"], Names(Trace((a, b) => b)(M, M)));
        Assert.Equal(["a", "b", "c"], Names(Trace((a, b, c) => c)(M, M, M)));
        Assert.Equal(["a", "b", "c", "d"], Names(Trace((a, b, c, d) => d)(M, M, M, M)));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], Names(Trace((a, b, c, d, e, f) => f)(M, M, M, M, M, M)));
        Assert.Equal(["v[0]", "v[1]"], Names(Trace((Variable[] v) => v[1])([M, M])));

        static IEnumerable<string> Names(ComputationGraph graph) => graph.Nodes.Select(node => node.Name);
    }

    [Fact]
    public void A_graph_keeps_its_numbers_when_the_parameters_change_and_gradients_are_computed()
    {
        var graph = Traced();
        var before = graph.Nodes.Select(node => node.Value.Clone()).ToArray();

        _hidden.Multiply(2, _hidden);
        X.Clear();
        Grad(ComputeLoss)(_hidden, _bias, _output, _outputBias);
        Traced();

        Assert.Equal(before, graph.Nodes.Select(node => node.Value));
    }

    [Fact]
    public void Within_a_gradient_call_a_trace_is_apart_from_it()
    {
        ComputationGraph? inner = null;
        var gradient = Grad(a =>
        {
            inner = Trace(b => Sum(Exp(b)))(_bias);
            return Sum(a);
        })(_hidden);

        Assert.Equal(Matrix<double>.Build.Dense(2, 3, 1), gradient);
        Assert.Equal(["b", "v₁ = Exp(b)", "v₂ = Sum(v₁)"], inner!.Nodes.Select(node => node.ToString()));
    }

    [Fact]
    public void What_Grad_refuses_is_refused()
    {
        Assert.Contains("(2 × 3)", Assert.Throws<ArgumentException>("loss", () => Trace(a => Exp(a))(_hidden)).Message);
        Assert.Throws<ArgumentNullException>("loss", () => Trace((Func<Variable, Variable>)null!));
        Assert.Throws<ArgumentNullException>("parameters", () => Trace(Sum)(null!));
    }
}

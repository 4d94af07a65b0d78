using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// One evaluation of a loss, forwards and backwards, with every number kept: what
/// <see cref="Gradient.Trace(Func{Variable, Variable})">Trace</see> returns.
/// </summary>
/// <param name="Nodes">
/// The parameters, and then, in the order of evaluation, each operation, with the constant matrices that it is the
/// first to use before it. Every node stands after its inputs.
/// </param>
/// <param name="Loss">The node that is the loss (1 × 1).</param>
public sealed record ComputationGraph(IReadOnlyList<ComputationNode> Nodes, ComputationNode Loss)
{
    /// <summary>How many nodes there are.</summary>
    public override string ToString() => $"Computation graph of {Nodes.Count} nodes";
}

/// <summary>A matrix of a computation.</summary>
/// <param name="Name">
/// A parameter's or a constant's name where it has one in the code, c₁, c₂, … for other constants, and v₁, v₂, … for the
/// results of operations, as Griewank and Walther write them.
/// </param>
/// <param name="Kind">What it is.</param>
/// <param name="Formula">How it was computed, from the names of its inputs: <c>X W1</c>, <c>v₁ + b1</c>. Null unless an operation computed it.</param>
/// <param name="Inputs">The places in <see cref="ComputationGraph.Nodes"/> of what it was computed from, in the order of the formula. Plain numbers are in the formula alone.</param>
/// <param name="Value">A copy of its value.</param>
/// <param name="Gradient">The gradient of the loss with respect to it, of the same shape: zero where the loss does not depend on it. Null for a constant, for which none is computed.</param>
public sealed record ComputationNode(
    string Name, NodeKind Kind, string? Formula, IReadOnlyList<int> Inputs, Matrix<double> Value, Matrix<double>? Gradient)
{
    /// <summary>Its name, and how it was computed: <c>v₂ = v₁ + b1</c>.</summary>
    public override string ToString() => Formula is null ? Name : $"{Name} = {Formula}";
}

/// <summary>What a node of a computation graph is.</summary>
public enum NodeKind
{
    /// <summary>What the loss is differentiated by.</summary>
    Parameter,

    /// <summary>A matrix that is not differentiated by, such as the data.</summary>
    Constant,

    /// <summary>A result.</summary>
    Operation,
}

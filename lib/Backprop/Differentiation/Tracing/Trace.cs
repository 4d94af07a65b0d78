using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>The operations of one evaluation, each with all its inputs, constants included, and how it is written.</summary>
internal sealed class Trace
{
    private readonly List<(Variable Result, Operation Operation, Variable[] Inputs)> _steps = [];

    public void Add(Variable result, Operation operation, ReadOnlySpan<Dependence> dependences)
    {
        var inputs = new Variable[dependences.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = dependences[i].On;
        }

        _steps.Add((result, operation, inputs));
    }

    /// <summary>Copies everything into a graph.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="parameterNames">The name of each parameter.</param>
    /// <param name="constantNames">The names of matrices in the code that may be constants.</param>
    /// <param name="loss">The loss: a parameter, a result, or a constant.</param>
    /// <param name="gradients">The gradient of each recorded variable, by its position.</param>
    public ComputationGraph Graph(
        Variable[] parameters, string[] parameterNames, Dictionary<Matrix<double>, string> constantNames, Variable loss, Matrix<double>?[] gradients)
    {
        var nodes = new List<ComputationNode>();
        // A constant is its matrix: each use wraps it in another variable. By reference: matrices are otherwise equal when their numbers are.
        var places = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        var unnamed = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            Add(parameters[i], parameterNames[i], NodeKind.Parameter, null, []);
        }

        for (var step = 0; step < _steps.Count; step++)
        {
            var (result, operation, inputs) = _steps[step];
            var isNumber = Array.ConvertAll(inputs, input => input.Recording is null && (input.RowCount, input.ColumnCount) == (1, 1));
            var used = inputs.Where((_, i) => !isNumber[i]).Select(PlaceOf).ToArray();
            var names = inputs.Select((input, i) => isNumber[i] ? Text(input.Data[0, 0]) : nodes[PlaceOf(input)].Name)
                .Append(operation.Number is { } number ? Text(number) : "").ToArray<object>();
            Add(result, "v" + Subscript(step + 1), NodeKind.Operation, string.Format(CultureInfo.InvariantCulture, operation.Pattern, names), used);
        }

        var place = PlaceOf(loss);
        return new ComputationGraph(nodes.AsReadOnly(), nodes[place]);

        int PlaceOf(Variable variable) => places.TryGetValue(Key(variable), out var known) ? known : Add(
            variable, constantNames.GetValueOrDefault(variable.Data) ?? "c" + Subscript(++unnamed), NodeKind.Constant, null, []);

        int Add(Variable variable, string name, NodeKind kind, string? formula, int[] inputs)
        {
            var gradient = kind == NodeKind.Constant ? null
                : variable.Position < gradients.Length && gradients[variable.Position] is { } found ? found.Clone()
                : Dense.New(variable.RowCount, variable.ColumnCount);
            places.Add(Key(variable), nodes.Count);
            nodes.Add(new(name, kind, formula, inputs.AsReadOnly(), variable.Data.Clone(), gradient));
            return nodes.Count - 1;
        }
    }

    // Cast, or the conditional would convert the matrix to another variable.
    private static object Key(Variable variable) => variable.Recording is null ? variable.Data : (object)variable;

    private static string Text(double number)
    {
        var text = number.ToString("G5", CultureInfo.InvariantCulture);
        return number < 0 ? $"(−{text[1..]})" : text;
    }

    private static string Subscript(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('₀' + (digit - '0'))));
}

namespace Backprop.Differentiation;

/// <summary>
/// How an operation is written. Text is made of it in a trace only: in a gradient call it costs nothing.
/// </summary>
/// <param name="Pattern">The formula, a composite format: the inputs are {0}, {1}, …, and after them comes the number.</param>
/// <param name="Number">A number that belongs to the operation, such as an exponent.</param>
internal readonly record struct Operation(string Pattern, double? Number = null)
{
    public static implicit operator Operation(string pattern) => new(pattern);
}

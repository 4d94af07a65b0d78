namespace Backprop.Notebooks.Running;

/// <summary>A parameter that a notebook does not have, or a value that is no C# expression.</summary>
/// <param name="message">Which, and what there is instead.</param>
public sealed class ParameterException(string message) : Exception(message);

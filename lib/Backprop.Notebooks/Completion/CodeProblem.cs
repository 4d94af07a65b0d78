namespace Backprop.Notebooks.Completion;

/// <summary>What the compiler says is wrong.</summary>
/// <param name="Start">Where in the code it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Id">The compiler's number for it.</param>
/// <param name="Message">What it says.</param>
public sealed record CodeProblem(int Start, int End, string Id, string Message);

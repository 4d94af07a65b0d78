namespace Backprop.Notebooks.Completion;

/// <summary>How code can go on.</summary>
/// <param name="Start">Where the text begins that a match takes the place of.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Matches">The best first.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionMatch> Matches);

/// <summary>One way for code to go on.</summary>
/// <param name="Text">What to insert.</param>
/// <param name="Kind">What it is: <c>function</c>, <c>property</c>, <c>class</c>, <c>module</c>, <c>keyword</c>, <c>instance</c>, …</param>
/// <param name="Signature">How to show it.</param>
public sealed record CompletionMatch(string Text, string Kind, string Signature);

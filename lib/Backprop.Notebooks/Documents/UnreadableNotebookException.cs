namespace Backprop.Notebooks.Documents;

/// <summary>A notebook that cannot be read, said in a sentence that a reader can act on.</summary>
/// <param name="path">The notebook's file.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class UnreadableNotebookException(string path, string reason) : Exception($"{path}: {reason}")
{
    /// <summary>The notebook's file.</summary>
    public string Path { get; } = path;
}

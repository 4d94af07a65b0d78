namespace Backprop.Notebooks.Jupyter;

/// <summary>Bytes arrived that are no message for this kernel.</summary>
internal sealed class BadMessageException(string reason) : Exception(reason);

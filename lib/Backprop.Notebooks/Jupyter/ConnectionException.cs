namespace Backprop.Notebooks.Jupyter;

/// <summary>The kernel cannot meet its client where the connection file says.</summary>
internal sealed class ConnectionException(string message) : Exception(message);

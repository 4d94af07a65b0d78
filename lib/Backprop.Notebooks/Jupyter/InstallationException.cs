namespace Backprop.Notebooks.Jupyter;

/// <summary>A kernel cannot be installed or removed; nothing was changed.</summary>
internal sealed class InstallationException(string message) : Exception(message);

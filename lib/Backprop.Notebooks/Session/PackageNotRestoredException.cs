namespace Backprop.Notebooks.Session;

/// <summary>A package named by <c>#r "nuget: …"</c> could not be had.</summary>
/// <param name="message">Which package, and what the package manager said.</param>
internal sealed class PackageNotRestoredException(string message) : Exception(message);

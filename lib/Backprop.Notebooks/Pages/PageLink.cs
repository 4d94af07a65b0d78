namespace Backprop.Notebooks.Pages;

/// <summary>A page of the same folder.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="Title">What it is called.</param>
internal sealed record PageLink(string File, string Title);

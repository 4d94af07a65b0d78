using Backprop.Notebooks.Session;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace System;

/// <summary>Shows values from inside a cell, as .NET Interactive's extensions of the same name do.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms to show it in; none for those preferred for its type.</param>
    /// <returns>The value on display, which can be updated.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => DisplayedValue.Of(output => output.Display(value, mimeTypes));

    /// <summary>Shows objects as a table: one a row, with a column for each property.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="source">The objects.</param>
    /// <returns>The table on display, which can be updated.</returns>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> source) => source.ToTabularDataResource().Display(HtmlFormatter.MimeType);

    /// <summary>Shows text as what it is: <c>"# Results".DisplayAs("text/markdown")</c>.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">What the text is.</param>
    /// <returns>The text on display, which can be updated.</returns>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        return DisplayedValue.Of(output => output.DisplayAs(value, mimeType));
    }
}

using Backprop.Notebooks.Documents;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Notebooks.Session;

/// <summary>What a session shows: values in the forms of the <see cref="Formatter"/> registry, and printed text, one output at a time to one sink.</summary>
/// <param name="emit">The sink.</param>
/// <param name="alwaysIn">A mime type in which every value is shown, beside those preferred for its type.</param>
internal sealed class SessionOutput(Action<CellOutput> emit, string? alwaysIn)
{
    /// <summary>As much text as an editor still opens; an endless loop that prints would otherwise fill the memory.</summary>
    private const int LargestText = 5_000_000;

    private readonly Lock _emitting = new();
    private int _displays;
    private long _written;

    /// <summary>A cell begins, which may print as much as any other.</summary>
    public void Begin() => _written = 0;

    /// <summary>Shows a value in the forms asked for, or in those preferred for its type.</summary>
    public DisplayOutput Display(object? value, IReadOnlyCollection<string> mimeTypes, bool isResult = false) =>
        Display(Format(value, mimeTypes), isResult);

    /// <summary>Shows text as what it is.</summary>
    public DisplayOutput DisplayAs(string? text, string mimeType) =>
        Display(new Dictionary<string, string> { [mimeType] = text ?? "" }, isResult: false);

    /// <summary>Shows text that nothing will take the place of.</summary>
    public void Show(string text, string mimeType) => Emit(new DisplayOutput(new Dictionary<string, string> { [mimeType] = text }));

    /// <summary>Shows another value in the place of one that is on display.</summary>
    public void Update(string displayId, object? value, IReadOnlyCollection<string> mimeTypes) =>
        Emit(new DisplayUpdate(displayId, value is string text ? mimeTypes.ToDictionary(mime => mime, _ => text) : Format(value, mimeTypes)));

    /// <summary>Prints.</summary>
    public void Write(string stream, string text)
    {
        if (text.Length == 0 || _written > LargestText)
        {
            return;
        }

        _written += text.Length;
        Emit(new StreamOutput(stream, _written > LargestText ? "\n… the rest is left out: the cell printed more than 5 MB.\n" : text));
    }

    private DisplayOutput Display(IReadOnlyDictionary<string, string> data, bool isResult)
    {
        var output = new DisplayOutput(data, $"display-{Interlocked.Increment(ref _displays)}", isResult);
        Emit(output);
        return output;
    }

    private Dictionary<string, string> Format(object? value, IReadOnlyCollection<string> mimeTypes)
    {
        IEnumerable<string> types = mimeTypes.Count > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType());
        if (mimeTypes.Count == 0 && alwaysIn is not null)
        {
            types = types.Append(alwaysIn);
        }

        return types.Distinct().ToDictionary(mime => mime, mime => value.ToDisplayString(mime));
    }

    private void Emit(CellOutput output)
    {
        // A stopped cell's thread is not aborted inside a finally block: the sink never sees half of an output.
        try
        {
        }
        finally
        {
            lock (_emitting)
            {
                emit(output);
            }
        }
    }
}

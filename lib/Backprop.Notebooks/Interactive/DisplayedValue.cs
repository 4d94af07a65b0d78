using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

// Notebooks are written for the kernel of .NET Interactive: these types stand in its namespaces under its names, so
// that a cell which names them compiles here unchanged.
namespace Microsoft.DotNet.Interactive;

/// <summary>A value on display, which can be replaced by another.</summary>
public sealed class DisplayedValue
{
    private readonly SessionOutput _session;

    private DisplayedValue(SessionOutput session, DisplayOutput output)
    {
        _session = session;
        DisplayId = output.Id!;
        MimeTypes = [.. output.Data.Keys];
    }

    /// <summary>What the cell that calls this puts on display.</summary>
    internal static DisplayedValue Of(Func<SessionOutput, DisplayOutput> show)
    {
        var session = CSharpSession.Required.Output;
        return new(session, show(session));
    }

    /// <summary>What the output is known by.</summary>
    public string DisplayId { get; }

    /// <summary>The forms in which it is shown.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; }

    /// <summary>Shows another value in the place of this one.</summary>
    /// <param name="updatedValue">The value to show.</param>
    public void Update(object? updatedValue) => _session.Update(DisplayId, updatedValue, MimeTypes);
}

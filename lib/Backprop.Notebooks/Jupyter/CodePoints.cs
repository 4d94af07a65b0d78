namespace Backprop.Notebooks.Jupyter;

/// <summary>Positions in text as the protocol counts them: in Unicode code points, not in the two halves that some take in C#.</summary>
internal static class CodePoints
{
    /// <summary>Where in a string a position is; its end where the position lies behind it.</summary>
    public static int ToIndex(string text, long position)
    {
        var index = 0;
        for (; position > 0 && index < text.Length; position--)
        {
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        }

        return index;
    }

    /// <summary>The position of a place in a string.</summary>
    public static int FromIndex(string text, int index)
    {
        var position = 0;
        for (var i = 0; i < index; position++)
        {
            i += char.IsSurrogatePair(text, i) ? 2 : 1;
        }

        return position;
    }
}

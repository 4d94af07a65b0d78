namespace Backprop.Notebooks.Session;

/// <summary>Lets a cell that reads from the console read from its session, a line at a time.</summary>
internal sealed class ConsoleInput : TextReader
{
    private string _line = "";
    private int _next;

    public override string? ReadLine()
    {
        if (_next == _line.Length)
        {
            return CSharpSession.Current?.ReadLine();
        }

        var rest = _line[_next..].TrimEnd('\n');
        _next = _line.Length;
        return rest;
    }

    public override int Peek() => Fill() ? _line[_next] : -1;

    public override int Read() => Fill() ? _line[_next++] : -1;

    // Of what a line holds, the next character; asks for a line when there is none.
    private bool Fill()
    {
        if (_next == _line.Length)
        {
            (_line, _next) = (CSharpSession.Current?.ReadLine() is { } line ? line + "\n" : "", 0);
        }

        return _next < _line.Length;
    }
}

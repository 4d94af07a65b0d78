using System.Text;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Sends what a cell writes to the console to the cell's session, and everybody else's writes to the real console. The
/// session is found through the execution context, which flows into the tasks and threads that a cell starts: what
/// they print arrives with their session too, even after the cell has ended.
/// </summary>
internal sealed class ConsoleCapture : TextWriter
{
    private static readonly Lock s_lock = new();
    private static TextWriter? s_out;
    private static TextWriter? s_error;
    private readonly string _stream;
    private readonly TextWriter _console;

    private ConsoleCapture(string stream, TextWriter console)
    {
        _stream = stream;
        _console = console;
        // The same text on every system.
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => _console.Encoding;

    /// <summary>Puts itself before the console's writers, unless it already stands there.</summary>
    public static void Install()
    {
        lock (s_lock)
        {
            if (Console.Out != s_out)
            {
                Console.SetOut(new ConsoleCapture("stdout", Console.Out));
                s_out = Console.Out;
            }

            if (Console.Error != s_error)
            {
                Console.SetError(new ConsoleCapture("stderr", Console.Error));
                s_error = Console.Error;
                Console.SetIn(new ConsoleInput());
            }
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (CSharpSession.Current is { } session)
        {
            session.Write(_stream, value ?? "");
        }
        else
        {
            _console.Write(value);
        }
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Flush()
    {
        if (CSharpSession.Current is null)
        {
            _console.Flush();
        }
    }
}

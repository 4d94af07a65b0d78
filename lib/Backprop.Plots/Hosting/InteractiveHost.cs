using System.Text.RegularExpressions;

namespace Backprop.Plots;

/// <summary>
/// What is asked of the kernel of .NET Interactive where that is the host. It is found by its name: the library is built
/// without it, and runs the same in every other host.
/// </summary>
internal static partial class InteractiveHost
{
    private const string DoesNotCompile = "notebook:does-not-compile";
    private const int MostCells = 1000;

    private static readonly Lock s_lock = new();
    private static readonly LinkedList<(string Code, bool Compiles)> s_cells = new();
    private static object? s_watched;

    /// <summary>
    /// From here on remembers which cells did not compile, for the checks of exercises. Does nothing in a host that
    /// remembers that itself, or that is another one.
    /// </summary>
    public static void WatchCells()
    {
        var root = Type.GetType("Microsoft.DotNet.Interactive.Kernel, Microsoft.DotNet.Interactive")?.GetProperty("Root")?.GetValue(null);
        // Every event is an object of a class, so an observer of objects may observe them.
        if (root?.GetType().GetProperty("KernelEvents")?.GetValue(root) is not IObservable<object> events)
        {
            return;
        }

        lock (s_lock)
        {
            if (ReferenceEquals(s_watched, root))
            {
                return;
            }

            s_watched = root;
            events.Subscribe(new Observer());
            AppContext.SetData(DoesNotCompile, (Func<string, bool>)IsBroken);
        }
    }

    private static void Remember(object happened)
    {
        var kind = happened.GetType().Name;
        if (kind is not ("CommandSucceeded" or "CommandFailed")
            || happened.GetType().GetProperty("Command")?.GetValue(happened) is not { } command
            || command.GetType().GetProperty("Code")?.GetValue(command) is not string code)
        {
            return;
        }

        // A cell that compiles and then throws has declared what it declares.
        var exception = happened.GetType().GetProperty("Exception")?.GetValue(happened);
        lock (s_lock)
        {
            s_cells.AddFirst((code, exception?.GetType().Name != "CodeSubmissionCompilationErrorException"));
            if (s_cells.Count > MostCells)
            {
                s_cells.RemoveLast();
            }
        }
    }

    private static bool IsBroken(string name)
    {
        lock (s_lock)
        {
            return s_cells.FirstOrDefault(cell => Declares(cell.Code, name)) is { Code: not null, Compiles: false };
        }
    }

    // A line that begins with a type and the name, as in "double Sigma(double z)" and "var limit = 2;".
    private static bool Declares(string code, string name) =>
        Declaration().Matches(code).Any(match => match.Groups["name"].Value == name);

    [GeneratedRegex(@"^[ \t]*(?!(?:return|throw|await|new|else|yield)\b)[\w.]+(?:<[^;={}]*?>)?(?:\[[,\s]*\])*\??[ \t]+(?<name>\w+)\s*(?:\(|=(?!=)|;|<)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private sealed class Observer : IObserver<object>
    {
        public void OnNext(object value) => Remember(value);

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}

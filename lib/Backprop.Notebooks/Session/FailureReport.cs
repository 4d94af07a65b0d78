using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Backprop.Notebooks.Session;

/// <summary>Turns what the compiler and the runtime say into what the author of a cell needs: message, line, source line.</summary>
internal static partial class FailureReport
{
    private const string OtherHost = ". This session is not the kernel of .NET Interactive: of its names there are display, HTML, Javascript and the formatters, but not its root, its commands and its events.";

    public static CellFailure OfCompilation(IEnumerable<Diagnostic> errors, string code, string name)
    {
        var inOrder = errors.Where(e => e.Severity == DiagnosticSeverity.Error).OrderBy(e => e.Location.SourceSpan.Start).ToList();
        var first = inOrder[0];
        var line = Line(first);
        return new(
            "Error",
            Message(first) + (inOrder.Any(e => OfOtherHost().IsMatch(e.GetMessage())) ? OtherHost : ""),
            line,
            SourceLine(code, line),
            [.. inOrder.Skip(1).Select(e => Line(e) is { } at ? $"line {at}: {Message(e)}" : Message(e)).Distinct()]);

        string Message(Diagnostic diagnostic) =>
            diagnostic.Id == "CS1504" ? $"The file that is to be loaded is not there: {LoadedFile(diagnostic)}."
            : Line(diagnostic) is null && diagnostic.Location.GetLineSpan() is { IsValid: true } span ? $"{Path.GetFileName(span.Path)}, line {span.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage()}"
            : $"{diagnostic.Id}: {diagnostic.GetMessage()}";

        string LoadedFile(Diagnostic diagnostic) => SourceLine(code, Line(diagnostic)) is { } directive && directive.Split('"') is [_, var file, ..] ? file : diagnostic.GetMessage();

        int? Line(Diagnostic diagnostic) =>
            diagnostic.Location.GetLineSpan() is { IsValid: true } span && Path.GetFileName(span.Path) == name ? span.StartLinePosition.Line + 1 : null;
    }

    public static CellFailure OfException(Exception exception, string code, string name)
    {
        while (exception is AggregateException { InnerExceptions.Count: 1 } or TargetInvocationException { InnerException: not null })
        {
            exception = exception.InnerException!;
        }

        var frames = CellFrames(new StackTrace(exception, fNeedFileInfo: true)).ToList();
        var inCell = frames.FirstOrDefault(frame => CellName(frame) == name);
        // Without a frame (the shared place has no line at all) the statement is what is known.
        var line = inCell is not null ? Line(inCell) : CellLine.OfStatement;
        var message = exception.Message.ReplaceLineEndings("\n");
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            message += $"\n  because of {inner.GetType().Name}: {inner.Message}";
        }

        // A single frame says no more than the line does.
        var trace = frames.Count > 1 ? frames.Select(frame => $"at {MethodName(frame)}{CellName(frame)}, line {Line(frame)}") : [];
        return new(exception.GetType().Name, message, line, SourceLine(code, line), [.. trace]);

        int Line(StackFrame frame)
        {
            var at = frame.GetFileLineNumber();
            // The statement that the cell was at, unless the trace names a line within it.
            var isOutermost = CellName(frame) == name && frame.GetMethod()?.DeclaringType?.Name.StartsWith("<<Initialize>>", StringComparison.Ordinal) == true;
            return isOutermost && CellLine.OfStatement is { } start && (at < start || at > CellLine.EndOf(code, start)) ? start : at;
        }
    }

    /// <summary>The innermost line of the cell in a stack trace.</summary>
    public static int? LineOf(StackTrace trace, string name) =>
        CellFrames(trace).FirstOrDefault(frame => CellName(frame) == name)?.GetFileLineNumber();

    // The compiler makes a path of a cell's name.
    private static string? CellName(StackFrame frame) => Path.GetFileName(frame.GetFileName());

    // Cells are compiled as classes named Submission#0, Submission#1, …; all other frames are the library's own business.
    private static IEnumerable<StackFrame> CellFrames(StackTrace trace) =>
        trace.GetFrames().Where(frame =>
            frame.GetFileLineNumber() > 0 && frame.GetMethod()?.DeclaringType?.FullName?.StartsWith("Submission#", StringComparison.Ordinal) == true);

    // The compiler's own names, as in <<Initialize>>d__0.MoveNext or <F>g__F|0_0, are nobody's to read.
    private static string MethodName(StackFrame frame) =>
        frame.GetMethod() is { } method && !method.Name.Contains('<') && !method.DeclaringType!.Name.Contains('<')
            ? $"{(method.DeclaringType.Name.StartsWith("Submission#", StringComparison.Ordinal) ? "" : method.DeclaringType.Name + ".")}{method.Name} in "
            : "";

    /// <summary>A line of a cell, counted from 1; null where it has no such line.</summary>
    internal static string? SourceLine(string code, int? line) =>
        line is { } number && code.Split('\n') is var lines && number <= lines.Length ? lines[number - 1] : null;

    // What only .NET Interactive itself has.
    [GeneratedRegex(@"'Kernel'|'KernelInvocationContext'|'Microsoft\.DotNet\.Interactive[',.]")]
    private static partial Regex OfOtherHost();
}

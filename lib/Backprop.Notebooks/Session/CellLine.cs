using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;
using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Keeps the line of the statement that a cell is at. The runtime's own stack trace is not enough: in optimised code an
/// index out of range or a division by zero is thrown from a place shared by the whole method, and names a wrong line.
/// Only statements at the cell's outermost level are marked, so loops run as fast as ever.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellLine
{
    // The cell's own, also on the threads on which it goes on after an await; another session's cell has another one.
    private static readonly AsyncLocal<StrongBox<int>?> s_current = new();

    /// <summary>The first line of the statement, counted from 1; set by the cell itself. 0 before its first statement.</summary>
    public static int Current
    {
        get => s_current.Value?.Value ?? 0;
        set
        {
            if (s_current.Value is { } line)
            {
                line.Value = value;
            }
        }
    }

    /// <summary>The same; null before the cell's first statement.</summary>
    internal static int? OfStatement => Current is > 0 and var line ? line : null;

    /// <summary>A cell begins in the current execution context.</summary>
    internal static void Begin() => s_current.Value = new(0);

    internal static string Mark(string code)
    {
        var root = CellSyntax.Parse(code);
        if (root.ContainsDiagnostics)
        {
            // The compiler is to complain about what the author wrote.
            return code;
        }

        var marked = new StringBuilder(code);
        foreach (var member in root.Members.Reverse())
        {
            switch (member)
            {
                case GlobalStatementSyntax { Statement: not (EmptyStatementSyntax or LocalFunctionStatementSyntax) } or FieldDeclarationSyntax { Modifiers.Count: 0, AttributeLists.Count: 0 }:
                    marked.Insert(member.SpanStart, $"global::{typeof(CellLine).FullName}.{nameof(Current)}={member.GetLocation().GetLineSpan().StartLinePosition.Line + 1};");
                    break;
                case MethodDeclarationSyntax { AttributeLists.Count: 0 }:
                    // A short method would else be merged into its caller, and be missing from the trace.
                    marked.Insert(member.SpanStart, $"[global::{typeof(MethodImplAttribute).FullName}(global::{typeof(MethodImplOptions).FullName}.{nameof(MethodImplOptions.NoInlining)})]");
                    break;
            }
        }

        return marked.ToString();
    }

    /// <summary>The last line of the outermost statement that begins at a line.</summary>
    internal static int EndOf(string code, int line) =>
        CellSyntax.Parse(code)
            .Members.Select(member => member.GetLocation().GetLineSpan())
            .Where(span => span.StartLinePosition.Line + 1 == line)
            .Select(span => span.EndLinePosition.Line + 1)
            .DefaultIfEmpty(line).Max();
}

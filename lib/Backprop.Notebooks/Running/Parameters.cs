using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Running;

/// <summary>
/// Overrides parameters as papermill does: the cell tagged <c>parameters</c> stays as it is, and a cell tagged
/// <c>injected-parameters</c> after it assigns the new values.
/// </summary>
internal static class Parameters
{
    private const string Tag = "parameters";
    private const string InjectedTag = "injected-parameters";
    private const string FirstLine = "// Set on the command line.";

    /// <summary>True for the cell that sets parameters, which is not one of the notebook's own.</summary>
    public static bool IsInjected(NotebookCell cell) => cell.Tags.Contains(InjectedTag);

    /// <summary>The names declared in the notebook's parameters cell, in order.</summary>
    public static IReadOnlyList<string> Names(Notebook notebook) =>
        Tagged(notebook, Tag) is { } cell ? [.. CellSyntax.DeclaredVariables(cell.Source)] : [];

    public static void Inject(Notebook notebook, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        Check(notebook, values);
        if (Tagged(notebook, InjectedTag) is { } earlier)
        {
            notebook.Remove(earlier);
        }

        var parameters = Tagged(notebook, Tag)!;
        var cell = (JsonObject)parameters.Json.DeepClone();
        cell.Remove("id");
        ((JsonObject)cell["metadata"]!)["tags"] = new JsonArray(InjectedTag);
        cell["source"] = Lines.Split(FirstLine + "\n" + string.Join('\n', Qualified(parameters, values).Select(value => $"{value.Key} = {value.Value};")));
        notebook.Insert(notebook.Cells.ToList().IndexOf(parameters) + 1, new(cell, CellKind.Code));
    }

    /// <exception cref="ParameterException">A name is not declared in the parameters cell, or a value is no expression or of another type.</exception>
    public static void Check(Notebook notebook, IReadOnlyDictionary<string, string> values)
    {
        var names = Names(notebook);
        foreach (var (name, value) in values)
        {
            if (!names.Contains(name))
            {
                throw new ParameterException(names.Count == 0
                    ? $"{notebook.Path} has no cell tagged \"{Tag}\", so {name} cannot be set."
                    : $"{notebook.Path} has no parameter {name}. It has {string.Join(", ", names)}.");
            }

            var expression = SyntaxFactory.ParseExpression(value, consumeFullText: true);
            if (expression.GetDiagnostics().Any(d => d.Id is "CS0594" or "CS1021"))
            {
                throw new ParameterException($"{name}={value}: the number is too large.");
            }

            if (value.Trim().Length == 0 || expression.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is not null)
            {
                throw new ParameterException($"{name}={value}: \"{value}\" is not a C# expression. Write a value as in {name}=100, {name}=1e-3 or {name}=\"text\".");
            }
        }

        if (values.Count > 0 && Tagged(notebook, Tag) is { } cell && ParameterTypes.WhatIsWrong(cell.Source, Qualified(cell, values)) is { } wrong)
        {
            throw new ParameterException(wrong);
        }
    }

    /// <summary>The failure of the cell that sets parameters as one of the parameter that its line sets: no one has written that cell.</summary>
    public static CellFailure OfInjected(CellFailure failure) => failure.SourceLine?.Trim().TrimEnd(';') is { Length: > 0 } line && line != FirstLine
        ? failure with { Message = $"--set {line.Replace(" = ", "=")}: {failure.Message}", Line = null, SourceLine = null, Traceback = [] }
        : failure;

    private static Dictionary<string, string> Qualified(NotebookCell cell, IReadOnlyDictionary<string, string> values)
    {
        var initial = ParameterTypes.InitialValues(cell.Source);
        return values.ToDictionary(value => value.Key, value => ParameterTypes.Qualified(WithoutComments(value.Value), initial.GetValueOrDefault(value.Key)));
    }

    // A comment at its end would go on over the semicolon.
    private static string WithoutComments(string value) => SyntaxFactory.ParseExpression(value).ToString();

    private static NotebookCell? Tagged(Notebook notebook, string tag) => notebook.CodeCells.FirstOrDefault(cell => cell.Tags.Contains(tag));
}

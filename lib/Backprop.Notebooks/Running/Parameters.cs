using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Running;

/// <summary>
/// Overrides parameters as papermill does: the cell tagged <c>parameters</c> stays as it is, and a cell tagged
/// <c>injected-parameters</c> after it assigns the new values.
/// </summary>
internal static class Parameters
{
    private const string Tag = "parameters";
    private const string InjectedTag = "injected-parameters";

    /// <summary>The names declared in the notebook's parameters cell, in order.</summary>
    public static IReadOnlyList<string> Names(Notebook notebook) =>
        Tagged(notebook, Tag) is not { } cell ? [] :
        [
            .. CellSyntax.Parse(cell.Source)
                .Members.SelectMany(member => member switch
                {
                    FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
                    GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax local } => local.Declaration.Variables.Select(variable => variable.Identifier.Text),
                    _ => [],
                }),
        ];

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
        cell["source"] = Lines.Split("// Set on the command line.\n" + string.Join('\n', values.Select(value => $"{value.Key} = {value.Value};")));
        notebook.Insert(notebook.Cells.ToList().IndexOf(parameters) + 1, new(cell, CellKind.Code));
    }

    /// <exception cref="ParameterException">A name is not declared in the parameters cell, or a value is no expression.</exception>
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
            if (value.Trim().Length == 0 || expression.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is not null)
            {
                throw new ParameterException($"{name}={value}: \"{value}\" is not a C# expression. Write a value as in {name}=100, {name}=1e-3 or {name}=\"text\".");
            }
        }
    }

    private static NotebookCell? Tagged(Notebook notebook, string tag) => notebook.CodeCells.FirstOrDefault(cell => cell.Tags.Contains(tag));
}

using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Running;

/// <summary>
/// What kind of value each parameter takes, so that a value of another kind is told before anything runs. A type of a
/// library that the notebook references is not known here; such a value shows itself when its cell is compiled.
/// </summary>
internal static class ParameterTypes
{
    /// <summary>The initial values of the parameters, as their cell writes them.</summary>
    public static IReadOnlyDictionary<string, string> InitialValues(string cell) => CellSyntax.Parse(cell)
        .DescendantNodes().OfType<VariableDeclaratorSyntax>()
        .Where(variable => variable.Initializer is not null)
        .GroupBy(variable => variable.Identifier.Text)
        .ToDictionary(variables => variables.Key, variables => variables.First().Initializer!.Value.ToString());

    /// <summary>A value as code: <c>Logistic</c> is <c>Nonlinearity.Logistic</c> where the parameter's own value is such a member.</summary>
    public static string Qualified(string value, string? initial) =>
        SyntaxFacts.IsValidIdentifier(value) && initial is not null && SyntaxFactory.ParseExpression(initial) is MemberAccessExpressionSyntax { Expression: SimpleNameSyntax or MemberAccessExpressionSyntax } member
            ? $"{member.Expression}.{value}"
            : value;

    /// <summary>A sentence where a value is of another type than its parameter; null where all fit or it is not known.</summary>
    /// <param name="cell">The parameters cell.</param>
    /// <param name="values">The values to set, as code.</param>
    public static string? WhatIsWrong(string cell, IReadOnlyDictionary<string, string> values)
    {
        var before = cell.Split('\n').Length;
        var tree = CSharpSyntaxTree.ParseText($"{cell}\n{string.Join('\n', values.Select(value => $"{value.Key} = {value.Value};"))}", CellSyntax.Options);
        var compilation = CSharpCompilation.CreateScriptCompilation(
            "parameters", tree, SessionReferences.Host, new(OutputKind.DynamicallyLinkedLibrary, usings: ["System", "System.Linq", "System.Threading.Tasks"]));
        foreach (var error in compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            var line = error.Location.GetLineSpan().StartLinePosition.Line - before;
            if (line < 0)
            {
                continue;
            }

            var (name, value) = values.ElementAt(line);
            var initial = InitialValues(cell).GetValueOrDefault(name);
            var declared = compilation.ScriptClass?.GetMembers(name).FirstOrDefault();
            if (declared is IFieldSymbol { IsConst: true } or IFieldSymbol { IsReadOnly: true })
            {
                return $"{name}={value}: {name} is {(declared is IFieldSymbol { IsConst: true } ? "a constant" : "read-only")}, and only variables can be set. The notebook would have to declare it as one: var {name} = {initial ?? value};";
            }

            if (declared is IFieldSymbol { Type: { TypeKind: not TypeKind.Error } type })
            {
                var example = initial is not null ? $", as in {name}={initial}" : "";
                return $"{name}={value}: {name} must be {Kind(type, value)}{example}.";
            }
        }

        return null;
    }

    private static string Kind(ITypeSymbol type, string value)
    {
        var isLarge = value.TrimStart('-').All(char.IsAsciiDigit);
        return type.SpecialType switch
        {
            SpecialType.System_Int32 => isLarge ? $"a whole number from {int.MinValue} to {int.MaxValue}" : "a whole number",
            SpecialType.System_UInt32 => isLarge ? $"a whole number from 0 to {uint.MaxValue}" : "a whole number that is 0 or more",
            SpecialType.System_Double => "a number",
            SpecialType.System_Boolean => "true or false",
            SpecialType.System_String => "text in quotation marks",
            _ => $"of type {type.ToMinimalDisplayString()}",
        };
    }

    private static string ToMinimalDisplayString(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}

using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Live;

/// <summary>
/// A variable of the parameters cell as something to turn: a number with a range, or a choice. The comment behind it is
/// its label, and may end with a range: <c>// step size [0.001 to 10, log]</c>.
/// </summary>
/// <param name="Name">The variable.</param>
/// <param name="Kind"><c>int</c>, <c>float</c>, <c>bool</c> or <c>choice</c>.</param>
/// <param name="Value">Its value as the code has it.</param>
/// <param name="Label">What it is.</param>
/// <param name="Min">The smallest value of its slider.</param>
/// <param name="Max">The largest value of its slider.</param>
/// <param name="IsLogarithmic">Whether the slider's steps are factors.</param>
/// <param name="Span">Where in the code the value stands.</param>
internal sealed partial record Setting(
    string Name, string Kind, string Value, string Label, double Min, double Max, bool IsLogarithmic, Microsoft.CodeAnalysis.Text.TextSpan Span)
{
    /// <summary>The value as a control has it: a plain number, <c>true</c> or <c>false</c>, or the name of the member.</summary>
    public string Shown { get; private init; } = Value[(Value.LastIndexOf('.') + 1)..];

    // What the code writes behind its numbers, such as the u of 0u.
    private string Suffix { get; init; } = "";

    /// <summary>For a choice: the type whose static members it chooses from.</summary>
    public string? Type => Kind == "choice" ? Value[..Value.LastIndexOf('.')] : null;

    /// <summary>The settings of a parameters cell, in order.</summary>
    public static IReadOnlyList<Setting> Of(string code) =>
    [
        .. CellSyntax.Parse(code).DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(variable => variable.Parent?.Parent is FieldDeclarationSyntax or LocalDeclarationStatementSyntax && variable.Parent.Parent.Parent is CompilationUnitSyntax or GlobalStatementSyntax)
            .Select(variable => Of(variable, code)).OfType<Setting>(),
    ];

    /// <summary>The code with another value of one of its settings.</summary>
    /// <param name="code">The parameters cell.</param>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value: a number, <c>true</c> or <c>false</c>, or the name of a member.</param>
    /// <returns>Null where there is no such setting, or the value is none for it.</returns>
    public static string? Change(string code, string name, string value)
    {
        if (Of(code).FirstOrDefault(setting => setting.Name == name) is not { } setting || setting.Literal(value) is not { } literal)
        {
            return null;
        }

        var changed = string.Concat(code.AsSpan(0, setting.Span.Start), literal, code.AsSpan(setting.Span.End));
        return Align(changed, setting.Span.Start, literal.Length - setting.Span.Length);
    }

    // A value of another length must not push the comment out of its column, as long as there is room.
    private static string Align(string code, int start, int longer)
    {
        var end = code.IndexOf('\n', start) is >= 0 and var at ? at : code.Length;
        var gap = Gap().Match(code, start, end - start);
        if (!gap.Success || longer == 0)
        {
            return code;
        }

        var blanks = gap.Groups[1];
        return string.Concat(code.AsSpan(0, blanks.Index), new string(' ', Math.Max(2, blanks.Length - longer)), code.AsSpan(blanks.Index + blanks.Length));
    }

    private static Setting? Of(VariableDeclaratorSyntax variable, string code)
    {
        if (variable.Initializer?.Value is not { } value)
        {
            return null;
        }

        var lineEnd = code.IndexOf('\n', value.Span.End) is >= 0 and var end ? end : code.Length;
        var rest = code[value.Span.End..lineEnd];
        var comment = rest.IndexOf("//", StringComparison.Ordinal) is >= 0 and var slashes ? rest[(slashes + 2)..].Trim() : "";
        var range = Range().Match(comment);
        var label = (range.Success ? comment[..range.Index] : comment).Trim();
        var (name, text) = (variable.Identifier.ValueText, value.ToString());
        switch (value)
        {
            case MemberAccessExpressionSyntax { Name: IdentifierNameSyntax }:
                return new(name, "choice", text, label.StartsWith("or ", StringComparison.Ordinal) ? "" : label, 0, 0, false, value.Span);
            case LiteralExpressionSyntax literal when literal.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression:
                return new(name, "bool", text, label, 0, 1, false, value.Span);
        }

        var number = value is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax operand } ? operand : value as LiteralExpressionSyntax;
        if (number?.Token.Value is not (int or uint or double or long or float))
        {
            return null;
        }

        var size = Convert.ToDouble(number.Token.Value, CultureInfo.InvariantCulture) * (number == value ? 1 : -1);
        var isWhole = number.Token.Value is int or uint or long;
        // Half typed, a range is none.
        var isRange = Number(range.Groups["min"].Value, out var min) & Number(range.Groups["max"].Value, out var max) && min < max;
        if (!isRange)
        {
            (min, max) = Guess(size, isWhole, number.Token.Value is uint);
        }

        var isLogarithmic = isRange ? range.Groups["log"].Success && min > 0 : !isWhole && size > 0;
        // The F of 0x1F is a digit.
        char[] suffixes = isWhole ? ['u', 'U', 'l', 'L'] : ['f', 'F', 'd', 'D'];
        return new(name, isWhole ? "int" : "float", text, label, min, max, isLogarithmic, value.Span)
        {
            Shown = (number == value ? "" : "-") + Convert.ToString(number.Token.Value, CultureInfo.InvariantCulture),
            Suffix = text[text.TrimEnd(suffixes).Length..],
        };
    }

    // Nothing is said of the range: from a tenth to ten times the value.
    private static (double Min, double Max) Guess(double value, bool isWhole, bool isUnsigned) =>
        value == 0 ? (isUnsigned || isWhole ? 0 : -1, isWhole ? 10 : 1)
        : isWhole ? (Math.Min(value < 0 ? 2 * value : 1, value), Math.Max(10, value < 0 ? 0 : 4 * value))
        : value < 0 ? (2 * value, 0)
        : (value / 10, value * 10);

    private static bool Number(string text, out double number) => double.TryParse(text.Replace("−", "-", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    // The value as the code writes values of this kind.
    private string? Literal(string value)
    {
        switch (Kind)
        {
            case "bool":
                return value is "true" or "false" ? value : null;
            case "choice":
                return SyntaxFacts.IsValidIdentifier(value) ? $"{Type}.{value}" : null;
        }

        if (Kind == "int")
        {
            return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) + Suffix : null;
        }

        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return null;
        }

        var text = Math.Abs(number) is > 0 and < 1e-3 or >= 1e6 ? Exponent().Replace(number.ToString("0.######e0", CultureInfo.InvariantCulture), "e") : number.ToString("0.##########", CultureInfo.InvariantCulture);
        // Without a point it would be a whole number, and the division by it another one.
        return Suffix.Length > 0 ? text + Suffix : text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    [GeneratedRegex(@"\[\s*(?<min>[-−+.\deE]+)\s*(?:to|–|…)\s*(?<max>[-−+.\deE]+)\s*(?:,\s*(?<log>log)\w*)?\s*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@";(\s+)//")]
    private static partial Regex Gap();

    [GeneratedRegex(@"e\+")]
    private static partial Regex Exponent();
}

using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Session;

/// <summary>
/// The compiled cells of a session, the last one of each name. One that is run again, as it was or with other numbers in its declarations, is not
/// compiled again as long as all its words mean what they meant.
/// </summary>
/// <remarks>For sessions whose cells keep their names; where each run has a name of its own, nothing would ever be forgotten.</remarks>
internal sealed class CompiledCells
{
    private readonly Dictionary<string, Compiled> _cells = [];

    /// <summary>Remembers a compiled cell in place of the one of its name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">Its code.</param>
    /// <param name="references">How many libraries are referenced.</param>
    /// <param name="kept">The cells whose names it could see.</param>
    /// <param name="cell">The cell.</param>
    public void Add(string name, string code, int references, IReadOnlyList<Submission> kept, Submission cell)
    {
        _cells.Remove(name);
        // Static fields would keep their values; what a cell loads or references may be another by then.
        if (cell.Compilation.SyntaxTrees.Length == 1 && !cell.HasReferences && !cell.Usings.Any() && !cell.HasStatics)
        {
            var names = CellNames.Of(code, "").Steps.SelectMany(step => step.Uses.Union(step.Declares)).ToHashSet();
            _cells.Add(name, new(code, names, references, NamesOf(kept), cell));
        }
    }

    /// <summary>A cell to be run once more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">Its code now.</param>
    /// <param name="references">How many libraries are referenced.</param>
    /// <param name="kept">The cells whose names can be seen.</param>
    /// <returns>Null where it has to be compiled.</returns>
    public Submission? Find(string name, string code, int references, IReadOnlyList<Submission> kept)
    {
        if (!_cells.TryGetValue(name, out var known) || known.References != references)
        {
            return null;
        }

        var cell = known.Cell;
        var there = NamesOf(kept);
        var later = kept.Where(other => other.AssemblyName != cell.AssemblyName && !known.Seen.Contains(other.AssemblyName)).ToList();
        return cell.Before.Where(cell.Uses.Contains).All(there.Contains)
            && !later.SelectMany(other => other.Declares).Any(known.Names.Contains)
            // These need not be named where they are called: foreach, await and (x, y) = … call some, too.
            && !later.Any(other => other.HasExtensionMethods)
            && !later.SelectMany(other => other.Usings).Except(kept.Except(later).SelectMany(other => other.Usings)).Any()
            && Numbers(known.Code, code) is { } numbers
            ? cell with { Code = code, Numbers = numbers }
            : null;
    }

    private static HashSet<string> NamesOf(IEnumerable<Submission> cells) => [.. cells.Select(cell => cell.AssemblyName)];

    // The numbers that variables are declared with now, if nothing else has changed.
    private static IReadOnlyDictionary<string, object>? Numbers(string compiled, string code)
    {
        var numbers = new Dictionary<string, object>();
        if (compiled == code)
        {
            return numbers;
        }

        var (before, now) = (CellSyntax.Parse(compiled).DescendantTokens().ToList(), CellSyntax.Parse(code).DescendantTokens().ToList());
        if (before.Count != now.Count || compiled.Count(c => c == '\n') != code.Count(c => c == '\n'))
        {
            return null;
        }

        foreach (var (old, token) in before.Zip(now).Where(pair => pair.First.Text != pair.Second.Text))
        {
            // Read nowhere else in the cell, the variable may get its number when the cell has run.
            if (Declared(token) is not var (variable, number) || old.Value?.GetType() != token.Value!.GetType() || now.Count(other => other.ValueText == variable) > 1)
            {
                return null;
            }

            numbers[variable] = number;
        }

        return numbers;
    }

    // var name = number; or var name = -number;
    private static (string Variable, object Number)? Declared(SyntaxToken token)
    {
        if (!token.IsKind(SyntaxKind.NumericLiteralToken))
        {
            return null;
        }

        var value = token.Parent;
        var isNegative = value!.Parent is PrefixUnaryExpressionSyntax prefix && prefix.IsKind(SyntaxKind.UnaryMinusExpression);
        object? number = (isNegative, token.Value) switch
        {
            (false, { } any) => any,
            (true, double any) => -any,
            (true, int any) => -any,
            _ => null,
        };
        return number is not null
            && (isNegative ? value.Parent : value)!.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true, Parent: FieldDeclarationSyntax { Modifiers.Count: 0 } } } variable }
            ? (variable.Identifier.ValueText, number)
            : null;
    }

    private sealed record Compiled(string Code, HashSet<string> Names, int References, HashSet<string> Seen, Submission Cell);
}

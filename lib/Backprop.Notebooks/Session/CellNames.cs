using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Session;

/// <summary>
/// Which names a cell uses, declares and changes, statement by statement: from its text alone, so that it is known before
/// anything has run. What stands behind a member (<c>x.Length</c>) or within a scope of its own (a loop's variable, a
/// parameter) is no name of the session's.
/// </summary>
/// <param name="Steps">The cell's statements and declarations, those of files that it loads before its own.</param>
/// <param name="IsForAll">True for a cell with <c>#r</c> or <c>using</c>, which all later cells need.</param>
internal sealed record CellNames(IReadOnlyList<CellStep> Steps, bool IsForAll)
{
    /// <summary>Reads a cell.</summary>
    /// <param name="code">Its text, magic commands included.</param>
    /// <param name="folder">The folder that <c>#load</c> and <c>#!import</c> name their files from.</param>
    public static CellNames Of(string code, string folder) => Of(code, folder, imported: []);

    private static CellNames Of(string code, string folder, IReadOnlyList<string> imported)
    {
        var steps = new List<CellStep>();
        var isForAll = code.Split('\n').Any(line => line.TrimStart().StartsWith("#r", StringComparison.Ordinal));
        foreach (var part in CellPart.Split(code.ReplaceLineEndings("\n")))
        {
            switch (part.Kind)
            {
                case "code":
                    Read(CellSyntax.Parse(part.Text), folder, depth: 0);
                    break;
                case "#!import" when Path.GetFullPath(Path.Combine(folder, ImportedCode.FileOf(part.Text))) is var file && !imported.Contains(file):
                    Import(file);
                    break;
            }
        }

        return new(steps, isForAll);

        void Import(string file)
        {
            try
            {
                foreach (var names in ImportedCode.Read(file).Select(cell => Of(cell.Code, folder, [.. imported, file])))
                {
                    isForAll |= names.IsForAll;
                    steps.AddRange(names.Steps);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or UnreadableNotebookException)
            {
                // The cell says so when it runs.
            }
        }

        void Read(CompilationUnitSyntax root, string from, int depth)
        {
            isForAll |= root.Usings.Count > 0;
            foreach (var load in root.GetLoadDirectives())
            {
                var file = Path.GetFullPath(Path.Combine(from, load.File.ValueText.Replace('\\', '/')));
                if (depth < 8 && File.Exists(file))
                {
                    Read(CellSyntax.Parse(File.ReadAllText(file)), Path.GetDirectoryName(file)!, depth + 1);
                }
            }

            steps.AddRange(root.Members.Select(member => CellStep.Of(member) with { IsLoaded = depth > 0 }));
        }
    }
}

/// <summary>A statement or a declaration at a cell's outermost level.</summary>
/// <param name="Uses">Names that it uses and does not declare within itself.</param>
/// <param name="Declares">Names that it declares for what comes after it.</param>
/// <param name="Changes">Names that it assigns to, or to whose elements or members it does.</param>
/// <param name="IsFunction">True for what does something only where it is called.</param>
internal sealed record CellStep(IReadOnlySet<string> Uses, IReadOnlySet<string> Declares, IReadOnlySet<string> Changes, bool IsFunction)
{
    /// <summary>True for what stands in a file that the cell loads.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Names that it may change: it calls a method of theirs whose result no one wants, as in <c>list.Add(1);</c>.</summary>
    public IReadOnlySet<string> MayChange { get; init; } = new HashSet<string>();

    /// <summary>Names that it hands to a call whose result no one wants, as in <c>Array.Sort(list);</c>; what prints leaves them alone.</summary>
    public IReadOnlySet<string> HandsOver { get; init; } = new HashSet<string>();

    /// <summary>Names of methods that it calls on something, as in <c>x.Half()</c>: one of the notebook's own may be meant.</summary>
    public IReadOnlySet<string> Calls { get; init; } = new HashSet<string>();

    /// <summary>True for a method that is called on its first argument.</summary>
    public bool IsExtension { get; init; }

    public static CellStep Of(MemberDeclarationSyntax member)
    {
        var scopes = new Dictionary<SyntaxNode, HashSet<string>>();
        var declares = new HashSet<string>();
        foreach (var node in member.DescendantNodesAndSelf())
        {
            if (DeclaredName(node) is not { } name)
            {
                continue;
            }

            // A function or a type stands in the scope around it; a loop's variable and a parameter in their own.
            var from = node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax ? node.Parent : node;
            if (Scopes(from, member).FirstOrDefault() is { } scope)
            {
                (scopes.TryGetValue(scope, out var names) ? names : scopes[scope] = []).Add(name);
            }
            else
            {
                declares.Add(name);
            }
        }

        var (uses, changes, mayChange, handsOver) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var name in member.DescendantNodes().OfType<SimpleNameSyntax>().Where(IsFree))
        {
            var text = name.Identifier.ValueText;
            // The word of a declaration, and a place that takes a value no one wants.
            if (text is "var" or "_" || Scopes(name, member).Any(scope => scopes.TryGetValue(scope, out var local) && local.Contains(text)))
            {
                continue;
            }

            uses.Add(text);
            if (IsChanged(name))
            {
                changes.Add(text);
            }

            if (IsCalledUpon(name))
            {
                mayChange.Add(text);
            }

            if (name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax or AwaitExpressionSyntax } call } && !call.Expression.ToString().StartsWith("Console.", StringComparison.Ordinal))
            {
                handsOver.Add(text);
            }
        }

        return new(uses, declares, changes, IsCalled(member))
        {
            MayChange = mayChange,
            HandsOver = handsOver,
            Calls = member.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(CalledMember).OfType<string>().ToHashSet(),
            IsExtension = member is MethodDeclarationSyntax { ParameterList.Parameters: [{ Modifiers: var modifiers }, ..] } && modifiers.Any(SyntaxKind.ThisKeyword),
        };
    }

    private static string? CalledMember(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => null,
    };

    // A method, a type, a property that is computed, or a variable that holds a function: Func<int, int> f = x => x + n;
    private static bool IsCalled(MemberDeclarationSyntax member) =>
        member is BaseMethodDeclarationSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or PropertyDeclarationSyntax { Initializer: null }
        || (member is FieldDeclarationSyntax variables && variables.Declaration.Variables.All(variable => variable.Initializer?.Value is AnonymousFunctionExpressionSyntax));

    private static string? DeclaredName(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        CatchDeclarationSyntax caught => caught.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        FromClauseSyntax range => range.Identifier.ValueText,
        LetClauseSyntax range => range.Identifier.ValueText,
        TypeParameterSyntax type => type.Identifier.ValueText,
        _ => null,
    };

    private static IEnumerable<SyntaxNode> Scopes(SyntaxNode? from, SyntaxNode member)
    {
        for (var at = from; at is not null && at != member.Parent; at = at.Parent)
        {
            if (at is BlockSyntax or ForStatementSyntax or CommonForEachStatementSyntax or UsingStatementSyntax or FixedStatementSyntax or CatchClauseSyntax or SwitchSectionSyntax
                or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                or QueryExpressionSyntax or SwitchExpressionArmSyntax)
            {
                yield return at;
            }
        }
    }

    private static bool IsFree(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => false,
        QualifiedNameSyntax qualified => qualified.Right != name,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
        _ => true,
    };

    // x.Add(1);  x.Items[0].Clear();  await x?.LoadAsync();
    private static bool IsCalledUpon(SimpleNameSyntax name)
    {
        SyntaxNode at = name;
        var isCall = false;
        while (at.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax)
        {
            // What is called on something, and not the name itself.
            isCall |= at.Parent is ConditionalAccessExpressionSyntax || (at.Parent is InvocationExpressionSyntax && at is MemberAccessExpressionSyntax);
            at = at.Parent;
        }

        return isCall && at.Parent is ExpressionStatementSyntax { SemicolonToken.IsMissing: false };
    }

    private static bool IsChanged(SimpleNameSyntax name)
    {
        // x.Member = …, x[i] += …, (x, y) = …
        SyntaxNode at = name;
        while (at.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or TupleExpressionSyntax
            || at.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax })
        {
            if (at.Parent is MemberAccessExpressionSyntax access ? access.Expression != at : at.Parent is ElementAccessExpressionSyntax element && element.Expression != at)
            {
                return false;
            }

            at = at.Parent;
        }

        return at.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == at,
            PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression),
            PostfixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression),
            ArgumentSyntax argument => argument.RefKindKeyword.RawKind is (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword,
            _ => false,
        };
    }
}

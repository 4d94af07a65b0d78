using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Documents;

/// <summary>The C# of cells: that of scripts, where statements and declarations stand side by side.</summary>
internal static class CellSyntax
{
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    public static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();

    /// <summary>The files that code loads with <c>#load</c>, as it names them.</summary>
    public static IEnumerable<string> Loaded(string code) => Parse(code).GetLoadDirectives().Select(directive => directive.File.ValueText);

    /// <summary>Names of the variables, functions and types that code declares for later cells; as far as they can be told, also where it has errors.</summary>
    public static IEnumerable<string> Declared(string code) => Parse(code).Members.SelectMany(member => member switch
    {
        MethodDeclarationSyntax method => [method.Identifier.Text],
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax function } => [function.Identifier.Text],
        _ => DeclaredVariables(member),
    });

    /// <summary>Names of the variables alone.</summary>
    public static IEnumerable<string> DeclaredVariables(string code) => Parse(code).Members.SelectMany(DeclaredVariables);

    private static IEnumerable<string> DeclaredVariables(MemberDeclarationSyntax member) => member switch
    {
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        FieldDeclarationSyntax field => Variables(field.Declaration),
        GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax local } => Variables(local.Declaration),
        GlobalStatementSyntax { Statement: ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: DeclarationExpressionSyntax { Designation: { } names } } } } =>
            names.DescendantNodesAndSelf().OfType<SingleVariableDesignationSyntax>().Select(name => name.Identifier.Text),
        _ => [],
    };

    private static IEnumerable<string> Variables(VariableDeclarationSyntax declaration) => declaration.Variables.Select(variable => variable.Identifier.Text);
}

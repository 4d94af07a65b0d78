using System.Reflection;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Formatting;

namespace Backprop.Notebooks.Session;

/// <summary>
/// The functions that make HTML, such as <c>h1("A title")</c>. .NET Interactive opens them for every cell; here a cell gets
/// them that calls one: many have names of one letter, and one is called <c>_</c>, so that no discard would compile
/// (<c>int.TryParse(text, out _)</c>), and a variable that is not declared would be a tag.
/// </summary>
internal static class HtmlTags
{
    /// <summary>The class to open.</summary>
    public static readonly string Import = typeof(PocketViewTags).FullName!;

    private static readonly HashSet<string> s_names = [.. typeof(PocketViewTags).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(tag => tag.Name)];

    /// <summary>True for a cell that calls a tag, and discards nothing.</summary>
    public static bool AreUsed(CompilationUnitSyntax cell)
    {
        var names = cell.DescendantNodes().OfType<SimpleNameSyntax>().ToList();
        return names.Any(IsCalled)
            && !cell.DescendantTokens().Any(token => token.Text == "_" && !(token.Parent is SimpleNameSyntax name && IsCalled(name)));
    }

    /// <summary>True where a tag's name is called as a tag is: <c>h1("text")</c>, <c>div[id: "x"]("text")</c>.</summary>
    public static bool IsCalled(SimpleNameSyntax name)
    {
        var called = name.Parent is ElementAccessExpressionSyntax access && access.Expression == name ? access : (ExpressionSyntax)name;
        return s_names.Contains(name.Identifier.ValueText) && called.Parent is InvocationExpressionSyntax call && call.Expression == called;
    }
}

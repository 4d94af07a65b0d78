using System.Collections.Immutable;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Notebooks.Completion;

/// <summary>
/// Helps whoever types code in a session: how a word can go on, and what it means. Positions count UTF-16 code units.
/// Not for several threads at once.
/// </summary>
public sealed class CodeAssistant
{
    private readonly SessionWorkspace _workspace = new();

    /// <summary>
    /// Loads what the first questions need, once for the process and for all assistants: the compiler's services and the
    /// framework's documentation. Without it the first answer takes some seconds.
    /// </summary>
    public static async Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        const string Code = "Console.WriteLine(Con";
        var (assistant, session) = (new CodeAssistant(), new SessionSnapshot([], SessionReferences.Host, SessionReferences.Imports));
        await assistant.CompleteAsync(session, Code, Code.IndexOf('(', StringComparison.Ordinal), cancellationToken);
        await assistant.CompleteAsync(session, Code, Code.Length, cancellationToken);
        await assistant.InspectAsync(session, Code, Code.IndexOf('(', StringComparison.Ordinal), isDetailed: false, cancellationToken);
    }

    /// <summary>How the code at a position can go on.</summary>
    /// <param name="session">What the code can see.</param>
    /// <param name="code">A cell's text, magic commands included.</param>
    /// <param name="position">Where in it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is not in the code.</exception>
    public async Task<Completions> CompleteAsync(SessionSnapshot session, string code, int position, CancellationToken cancellationToken = default)
    {
        if (await OpenAsync(session, code, position, cancellationToken) is not { } document)
        {
            return new(position, position, []);
        }

        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position, cancellationToken: cancellationToken);
        if (list.ItemsList.Count == 0)
        {
            return new(position, position, []);
        }

        var typed = code[list.Span.Start..position];
        var items = list.ItemsList.Where(item => !item.Tags.Contains("Snippet")).ToImmutableArray();
        var begins = items.Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToImmutableArray();
        // Where nothing begins with what was typed, it may be the capitals of a name, or a part of it.
        var matches = (begins.IsEmpty ? service.FilterItems(document, items, typed) : begins)
            .OrderByDescending(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal))
            .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
            .Select(item => new CompletionMatch(
                item.Properties.TryGetValue("InsertionText", out var text) ? text : item.DisplayText,
                Kind(item.Tags),
                item.DisplayText + item.DisplayTextSuffix))
            .DistinctBy(match => match.Text);
        return new(list.Span.Start, list.Span.End, [.. matches]);
    }

    /// <summary>What stands at a position, or, between the parentheses of a call, what is called.</summary>
    /// <param name="session">What the code can see.</param>
    /// <param name="code">A cell's text, magic commands included.</param>
    /// <param name="position">Where in it.</param>
    /// <param name="isDetailed">True for remarks too.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Its declaration and its documentation as text; null where nothing stands that has a meaning.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The position is not in the code.</exception>
    public async Task<string?> InspectAsync(SessionSnapshot session, string code, int position, bool isDetailed, CancellationToken cancellationToken = default)
    {
        if (await OpenAsync(session, code, position, cancellationToken) is not { } document)
        {
            return null;
        }

        var root = await document.GetSyntaxRootAsync(cancellationToken);
        foreach (var at in Places(root!, position))
        {
            if (await DescribeAsync(document, at, isDetailed, cancellationToken) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>What keeps a cell from being compiled.</summary>
    /// <param name="session">What the code can see.</param>
    /// <param name="code">A cell's text, magic commands included.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<CodeProblem>> CheckAsync(SessionSnapshot session, string code, CancellationToken cancellationToken = default)
    {
        var document = await _workspace.OpenAsync(session, SessionWorkspace.CodeOf(code), cancellationToken);
        var model = await document.GetSemanticModelAsync(cancellationToken);
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        return
        [
            .. model!.GetDiagnostics(cancellationToken: cancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                // A cell that calls one is compiled with them.
                .Where(diagnostic => !(diagnostic.Id == "CS0103" && root!.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is SimpleNameSyntax name && HtmlTags.IsCalled(name)))
                .Select(diagnostic => new CodeProblem(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.End, diagnostic.Id, diagnostic.GetMessage())),
        ];
    }

    /// <summary>The static members of a type that are of the type itself: what could stand in the place of one of them.</summary>
    /// <param name="session">What the code can see.</param>
    /// <param name="expression">One of them, such as <c>DayOfWeek.Monday</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<string>> MembersLikeAsync(SessionSnapshot session, string expression, CancellationToken cancellationToken = default)
    {
        var document = await _workspace.OpenAsync(session, expression, cancellationToken);
        var model = await document.GetSemanticModelAsync(cancellationToken);
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        // Of Math.PI the type is another one, whose members would make no sense behind Math.
        var type = root!.DescendantNodes().OfType<ExpressionSyntax>().Select(node => model!.GetSymbolInfo(node, cancellationToken).Symbol)
            .FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol)?.ContainingType;
        return
        [
            .. (type?.GetMembers() ?? []).Where(member => member is { IsStatic: true, DeclaredAccessibility: Accessibility.Public }
                && SymbolEqualityComparer.Default.Equals(type, member switch { IFieldSymbol field => field.Type, IPropertySymbol { IsIndexer: false } property => property.Type, _ => null }))
                .Select(member => member.Name),
        ];
    }

    // Null where the position is within a magic command, or text that is not C#.
    private async Task<Document?> OpenAsync(SessionSnapshot session, string cell, int position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, cell.Length);
        var code = SessionWorkspace.CodeOf(cell);
        var line = SourceText.From(cell).Lines.GetLineFromPosition(position).Span;
        var isCode = code.AsSpan(line.Start, line.Length).SequenceEqual(cell.AsSpan(line.Start, line.Length));
        return isCode ? await _workspace.OpenAsync(session, code, cancellationToken) : null;
    }

    // The word at the position, the one that ends there, and what is called by each argument list around it, from the inside out.
    private static IEnumerable<int> Places(SyntaxNode root, int position)
    {
        foreach (var at in new[] { position, position - 1 })
        {
            if (at >= 0 && root.FindToken(at) is { RawKind: not 0 } token && token.Span.Contains(at) && (token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(token.Kind())))
            {
                yield return at;
            }
        }

        if (root.FullSpan.IsEmpty)
        {
            yield break;
        }

        var left = root.FindToken(Math.Clamp(position - 1, 0, root.FullSpan.End - 1));
        foreach (var arguments in left.Parent!.AncestorsAndSelf().OfType<BaseArgumentListSyntax>())
        {
            var isInside = arguments.SpanStart < position && (position < arguments.Span.End || arguments.GetLastToken(includeZeroWidth: true).IsMissing);
            if (isInside && Called(arguments) is { } called)
            {
                yield return called.SpanStart;
            }
        }
    }

    private static SyntaxNode? Called(BaseArgumentListSyntax arguments) => arguments.Parent switch
    {
        ElementAccessExpressionSyntax => arguments,
        ImplicitObjectCreationExpressionSyntax creation => creation,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name,
        InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax member } => member.Name,
        InvocationExpressionSyntax invocation => invocation.Expression,
        ObjectCreationExpressionSyntax creation => creation.Type is QualifiedNameSyntax qualified ? qualified.Right : creation.Type,
        _ => null,
    };

    private static async Task<string?> DescribeAsync(Document document, int position, bool isDetailed, CancellationToken cancellationToken)
    {
        if (await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position, cancellationToken) is not { Sections.IsEmpty: false } info)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var section in info.Sections.Where(section => isDetailed || section.Kind != QuickInfoSectionKinds.RemarksDocumentationComments))
        {
            Append(section.Text);
            if (section.Kind == QuickInfoSectionKinds.DocumentationComments || (section.Kind == QuickInfoSectionKinds.Description && !HasDocumentation(info)))
            {
                Append(await ParametersAsync(document, position, cancellationToken));
            }
        }

        return text.Length == 0 ? null : text.ToString();

        void Append(string part)
        {
            if (part.Trim() is { Length: > 0 } trimmed)
            {
                text.Append(text.Length == 0 ? "" : "\n\n").Append(trimmed.ReplaceLineEndings("\n"));
            }
        }
    }

    private static bool HasDocumentation(QuickInfoItem info) => info.Sections.Any(section => section.Kind == QuickInfoSectionKinds.DocumentationComments);

    // The service leaves out what a method's parameters mean.
    private static async Task<string> ParametersAsync(Document document, int position, CancellationToken cancellationToken)
    {
        var symbol = await SymbolFinder.FindSymbolAtPositionAsync(document, position, cancellationToken);
        if (symbol is not IMethodSymbol || Parse(symbol.GetDocumentationCommentXml(cancellationToken: cancellationToken)) is not { } documentation)
        {
            return "";
        }

        var parameters = documentation.Elements("param").Select(parameter => $"  {(string?)parameter.Attribute("name")}: {Words(parameter)}").ToList();
        return parameters.Count == 0 ? "" : $"Parameters:\n{string.Join('\n', parameters)}";
    }

    // Null where there is none, and where it is no XML: whoever documents a method of a cell is in the middle of it.
    private static XElement? Parse(string? documentation)
    {
        try
        {
            return string.IsNullOrEmpty(documentation) ? null : XElement.Parse(documentation);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Words(XElement element) => string.Join(' ', string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference => ((string?)reference.Attributes().FirstOrDefault() ?? "").Split(':')[^1],
        XElement inner => Words(inner),
        _ => "",
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // The words that other kernels use.
    private static string Kind(ImmutableArray<string> tags) => tags.IsEmpty ? "" : tags[0] switch
    {
        "Method" or "ExtensionMethod" or "Operator" => "function",
        "Property" or "Event" or "EnumMember" => "property",
        "Class" or "Structure" or "Interface" or "Enum" or "Delegate" or "TypeParameter" or "Record" => "class",
        "Namespace" => "module",
        "Keyword" => "keyword",
        "Field" or "Local" or "Parameter" or "RangeVariable" or "Constant" => "instance",
        var other => other.ToLowerInvariant(),
    };
}

using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Notebooks.Completion;

/// <summary>Shows a session to the compiler's services as they know code: a project for each cell, each after the one before.</summary>
internal sealed class SessionWorkspace
{
    // Its services take half a second to find each other: whoever only runs cells does not wait for that.
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new(MefHostServices.DefaultHost));
    private readonly List<string> _cells = [];
    private Solution? _solution;
    private ProjectId? _last;
    private IReadOnlyList<MetadataReference> _references = [];

    /// <summary>A document of code that stands after a session's cells: C# only, as <see cref="CodeOf"/> makes it of a cell.</summary>
    public async Task<Document> OpenAsync(SessionSnapshot session, string code, CancellationToken cancellationToken)
    {
        // The cells known already are kept, and what the compiler found out about them.
        if (_solution is null || !_references.SequenceEqual(session.References) || !session.Cells.Take(_cells.Count).SequenceEqual(_cells))
        {
            (_solution, _last, _references) = (_workspace.Value.CurrentSolution, null, session.References);
            _cells.Clear();
        }

        foreach (var cell in session.Cells.Skip(_cells.Count))
        {
            (_solution, _last, _) = Add(_solution, session, cell);
            _cells.Add(cell);
            // One after the other: asked for the last one alone, the compiler would go down the whole chain on one stack.
            await _solution.GetProject(_last)!.GetCompilationAsync(cancellationToken);
        }

        var (solution, _, document) = Add(_solution, session, code);
        return solution.GetDocument(document)!;
    }

    /// <summary>The C# of a cell, every character where it was: magic commands and references become spaces.</summary>
    internal static string CodeOf(string cell)
    {
        // Line by line as the compiler counts lines: some end with more than one character, or another than \n.
        var lines = SourceText.From(cell).Lines;
        var isCode = new bool[lines.Count];
        foreach (var part in CellPart.Split(cell).Where(part => part.Kind == "code"))
        {
            isCode.AsSpan()[(part.Line - 1)..part.Text.Split('\n').Length].Fill(true);
        }

        var code = cell.ToCharArray();
        foreach (var line in lines.Where(line => !isCode[line.LineNumber]))
        {
            code.AsSpan(line.Start, line.Span.Length).Fill(' ');
        }

        return new(code);
    }

    private (Solution Solution, ProjectId Project, DocumentId Document) Add(Solution solution, SessionSnapshot session, string code)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        var name = $"Submission#{_cells.Count}";
        var info = ProjectInfo.Create(
            project,
            VersionStamp.Default,
            name,
            name,
            LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, scriptClassName: name, usings: session.Imports),
            parseOptions: CellSyntax.Options,
            projectReferences: _last is null ? [] : [new ProjectReference(_last)],
            // Later cells find them through the first.
            metadataReferences: _last is null ? DocumentedReferences.Of(session.References) : [],
            isSubmission: true);
        return (solution.AddProject(info).AddDocument(document, "cell", SourceText.From(code)), project, document);
    }
}

using Backprop.Notebooks.Tests.Lessons;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backprop.Notebooks.Tests;

/// <summary>The folders of each library, from the bottom up, as docs/architecture.md draws them: none uses what stands above it.</summary>
public sealed class RoomsTests
{
    [Theory]
    [InlineData("Backprop", "Arithmetic", "Data", "Layers", "Differentiation", "Training", "Checking")]
    [InlineData("Backprop.Plots", "Charts", "Display", "Movie", "Graph", "Explorer", "Hosting")]
    [InlineData("Backprop.Notebooks", "Documents", "Session", "Interactive", "Completion", "Running", "Pages", "Batch", "Jupyter", "Live")]
    public void Arrows_between_rooms_run_one_way(string library, params string[] fromTheBottomUp)
    {
        var folder = Path.Combine(LessonsRun.Repository, "lib", library);
        var rooms = Directory.GetDirectories(folder).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")).Order();
        Assert.Equal(fromTheBottomUp.Order(), rooms);

        var upwards = UpwardArrows(folder, fromTheBottomUp).Distinct().ToList();

        Assert.True(upwards.Count == 0, string.Join('\n', upwards));
    }

    // Every use of a type in a file of a room below, as the compiler sees it.
    private static IEnumerable<string> UpwardArrows(string folder, string[] fromTheBottomUp)
    {
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && Room(path) != ".")
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path))
            .ToList();
        var libraries = Directory.EnumerateFiles(Path.Combine(LessonsRun.Repository, "lib", "bin"), "*.dll")
            .Concat(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
            .DistinctBy(Path.GetFileName)
            .Where(path => Path.GetFileNameWithoutExtension(path) != Path.GetFileName(folder));
        var usings = CSharpSyntaxTree.ParseText(string.Concat(
            new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks", "System.Net.Http" }.Select(name => $"global using {name};")));
        var compilation = CSharpCompilation.Create("rooms", [.. trees, usings], libraries.Select(path => MetadataReference.CreateFromFile(path)));
        var declared = trees.ToLookup(Height, tree => Declared(tree).ToHashSet());
        return
            from tree in trees
            let above = declared.Where(room => room.Key > Height(tree)).SelectMany(room => room).SelectMany(names => names).ToHashSet()
            let model = compilation.GetSemanticModel(tree)
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            where above.Contains(name.Identifier.Text)
            let symbol = model.GetSymbolInfo(name).Symbol
            let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
            where type is not null
            from declaration in type.DeclaringSyntaxReferences.Take(1)
            where Height(declaration.SyntaxTree) > Height(tree)
            select $"{Path.GetFileName(tree.FilePath)} in {Room(tree.FilePath)} uses {type.Name} of {Room(declaration.SyntaxTree.FilePath)}";

        int Height(SyntaxTree tree) => Array.IndexOf(fromTheBottomUp, Room(tree.FilePath));

        static IEnumerable<string> Declared(SyntaxTree tree) =>
            tree.GetRoot().DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is not SimpleNameSyntax).Select(token => token.Text);

        string Room(string path) => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : ".";
    }
}

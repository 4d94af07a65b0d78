using Backprop.Notebooks.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backprop.Notebooks.Tests;

/// <summary>A library is read once for the process, and again when it has been built anew.</summary>
public sealed class SharedReferencesTests
{
    [Fact]
    public void A_library_is_read_again_only_when_it_has_been_built_anew()
    {
        var folder = Directory.CreateTempSubdirectory("built anew ").FullName;
        var library = Path.Combine(folder, "Built.dll");
        Compile("Built", "public static class Built { public const int Old = 1; }", library);
        var first = SharedReferences.Of(library);
        Assert.Same(first, SharedReferences.Of(library));

        Compile("Built", "public static class Built { public const int New = 2; }", library);
        File.SetLastWriteTimeUtc(library, DateTime.UtcNow.AddSeconds(5));
        var second = SharedReferences.Of(library);
        Compile("Uses", "class Uses { const int Known = Built.New; }", Path.Combine(folder, "Uses.dll"), second);
        Compile("Used", "class Used { const int Known = Built.Old; }", Path.Combine(folder, "Used.dll"), first);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_a_library_refers_to_is_the_hosts_or_lies_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("beside ").FullName;
        var (user, beside) = (Path.Combine(folder, "User.dll"), Path.Combine(folder, "Beside.dll"));
        Compile("User", "class User;", user);
        Compile("Beside", "class Beside;", beside);
        var references = new SharedReferences(folder);

        string? Found(string name) => references.ResolveMissingAssembly(SharedReferences.Of(user), new(name))?.FilePath;
        Assert.Equal(beside, Found("Beside"));
        Assert.Equal(typeof(AssemblyIdentity).Assembly.Location, Found("Microsoft.CodeAnalysis"));
        Assert.Null(Found("Nowhere"));
        Directory.Delete(folder, recursive: true);
    }

    private static void Compile(string name, string code, string path, params MetadataReference[] references)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)], [.. SessionReferences.Host, .. references], new(OutputKind.DynamicallyLinkedLibrary));
        using var file = File.Create(path);
        Assert.Empty(compilation.Emit(file, cancellationToken: TestContext.Current.CancellationToken).Diagnostics);
    }
}

using System.Reflection;
using System.Text;
using Backprop.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Notebooks.Session;

/// <summary>
/// The cells that later cells can still see, oldest first: compiles a cell after them, and keeps it if it declares
/// something. A cell that only does something leaves nothing behind, and one whose names are all declared anew, as when
/// it is run again, is dropped: thousands of runs fit in the memory of one.
/// </summary>
/// <remarks>
/// The compiler's own chain (<c>Script.ContinueWith</c>) keeps every cell for ever, and with it a table of all
/// references for each pair of cells: two gigabytes after 800 runs.
/// </remarks>
internal sealed class SubmissionChain(string folder, LibraryContext libraries, CompiledCells? compiledCells = null)
{
    private readonly CSharpCompilationOptions _options = new(
        OutputKind.DynamicallyLinkedLibrary,
        usings: SessionReferences.Imports,
        optimizationLevel: OptimizationLevel.Release,
        metadataReferenceResolver: new SharedReferences(folder),
        sourceReferenceResolver: ScriptSourceResolver.Default.WithBaseDirectory(folder),
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);

    private static int s_sessions;

    private readonly string _session = $"session {Interlocked.Increment(ref s_sessions)}, cell ";
    private readonly HashSet<string> _broken = [];
    private readonly List<MetadataReference> _references = [.. SessionReferences.Host];
    private List<Submission> _kept = [];
    private int _carried;
    private int _number;

    /// <summary>The code of the cells that later cells can still see, oldest first.</summary>
    public IReadOnlyList<string> Code => [.. _kept.Select(submission => submission.Code)];

    /// <summary>All that has been referenced.</summary>
    public IReadOnlyList<MetadataReference> References => [.. _references];

    /// <summary>What the cells that later cells can still see declare.</summary>
    public IEnumerable<string> Names => _kept.SelectMany(submission => submission.Names).Distinct();

    /// <summary>The types that later cells can name, each with the assembly that has it: another one after its cell was compiled again.</summary>
    public IReadOnlyDictionary<string, string> Types
    {
        get
        {
            var types = new Dictionary<string, string>();
            foreach (var submission in _kept)
            {
                foreach (var type in submission.Types)
                {
                    types[type] = submission.AssemblyName;
                }
            }

            return types;
        }
    }

    /// <summary>The value of the variable that later cells see under a name; null also where there is none.</summary>
    public object? ValueOf(string name)
    {
        var declaring = _kept.LastOrDefault(submission => submission.Instance is not null && submission.Names.Contains(name))?.Instance;
        return declaring is null ? null : Field(declaring, name)?.GetValue(declaring);
    }

    /// <summary>True for a name whose newest declaration stands in a cell that did not compile: what it means is what an earlier cell made it.</summary>
    public bool IsBroken(string name) => _broken.Contains(name);

    /// <summary>Lets the cells from here on use these libraries.</summary>
    public void AddReferences(IReadOnlyList<string> files)
    {
        libraries.Add(files);
        _references.AddRange(files.Where(file => !SessionReferences.IsOtherHost(file) && _references.All(known => known.Display != file)).Select(SharedReferences.Of));
    }

    /// <summary>A library's code, for the session itself and not for its cells.</summary>
    public Assembly Load(string file)
    {
        libraries.Add([file]);
        return libraries.LoadFromAssemblyName(AssemblyName.GetAssemblyName(file));
    }

    /// <summary>Compiles a cell.</summary>
    /// <param name="code">The code.</param>
    /// <param name="marked">The same with marks that keep its lines; this is what runs.</param>
    /// <param name="name">What stack traces call it.</param>
    /// <param name="errors">Why it does not compile.</param>
    /// <param name="cancellationToken">Stops the compiler.</param>
    /// <returns>The compiled cell, or null when there are errors.</returns>
    public Submission? Compile(string code, string marked, string name, out IReadOnlyList<Diagnostic> errors, CancellationToken cancellationToken)
    {
        var declared = CellSyntax.Declared(code).ToList();
        if (compiledCells?.Find(name, code, _references.Count, _kept) is { } again)
        {
            _broken.ExceptWith(declared);
            errors = [];
            return again;
        }

        var number = _number++;
        var assemblyName = $"{_session}{number}";
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(marked, Encoding.UTF8), CellSyntax.Options, name, cancellationToken);
        var options = HtmlTags.AreUsed((CompilationUnitSyntax)tree.GetRoot(cancellationToken)) ? _options.WithUsings(_options.Usings.Add(HtmlTags.Import)) : _options;
        var compilation = CSharpCompilation.CreateScriptCompilation(
            assemblyName,
            tree,
            // Those that a kept cell carries are found through it.
            _references.Skip(_carried),
            options.WithScriptClassName($"Submission#{number}"),
            _kept.LastOrDefault()?.Compilation,
            typeof(object));
        var submission = new Submission(code, compilation) { HasReferences = _carried < _references.Count || !compilation.DirectiveReferences.IsEmpty };
        // Until it has been compiled.
        _broken.UnionWith(declared);
        if (!submission.HasCode)
        {
            errors = Errors(compilation.GetDiagnostics(cancellationToken));
            return errors.Count == 0 ? submission : null;
        }

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        errors = Errors(emitted.Diagnostics);
        if (!emitted.Success)
        {
            return null;
        }

        _broken.ExceptWith(declared);
        libraries.Add([.. compilation.DirectiveReferences.OfType<PortableExecutableReference>().Select(reference => reference.FilePath).OfType<string>()]);
        assembly.Position = symbols.Position = 0;
        var (uses, hasAnonymousTypes) = Submission.Read(assembly);
        assembly.Position = 0;
        var context = new SubmissionContext(assemblyName, [.. _kept.Where(kept => uses.Contains(kept.AssemblyName)).Select(kept => kept.Assembly).OfType<Assembly>()], libraries);
        var compiled = submission with
        {
            Assembly = context.LoadFromStream(assembly, symbols),
            Uses = uses,
            Before = [.. _kept.Where(kept => kept.HasCode).Select(kept => kept.AssemblyName)],
            HasAnonymousTypes = hasAnonymousTypes,
        };
        compiledCells?.Add(name, code, _references.Count, _kept, compiled);
        return compiled;
    }

    /// <summary>Runs a compiled cell, and keeps it if later cells can see something of it, however it ends.</summary>
    /// <returns>The value that the cell ends with.</returns>
    public object? Run(Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Assembly is null)
        {
            Keep(submission);
            return null;
        }

        var instances = _kept.ToDictionary(kept => kept.AssemblyName, kept => kept.Instance);
        var slot = submission.Before.Count + 1;
        object?[] objects = [null, .. submission.Before.Select(name => instances.GetValueOrDefault(name)), null];

        var entry = submission.Compilation.GetEntryPoint(CancellationToken.None)!;
        var start = submission.Assembly.GetType(entry.ContainingType.MetadataName)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
        using var promotion = new Promotion();
        try
        {
            var run = start(objects);
            Task.WaitAny([run], cancellationToken);
            return run.GetAwaiter().GetResult();
        }
        finally
        {
            // Its object is there from its first statement on: what a stopped cell has assigned is not lost.
            if (objects[slot] is { } instance)
            {
                foreach (var (variable, number) in submission.Numbers)
                {
                    Field(instance, variable)!.SetValue(instance, number);
                }

                Keep(submission with { Instance = instance });
            }
        }
    }

    private static FieldInfo? Field(object instance, string name) =>
        instance.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static IReadOnlyList<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private void Keep(Submission submission)
    {
        var same = _kept.FindIndex(kept => kept.AssemblyName == submission.AssemblyName);
        if (same >= 0)
        {
            // Run again, it stays where it was; the other cells go on.
            _kept = [.. _kept[..same], _kept[same] with { Code = submission.Code, Instance = submission.Instance }, .. _kept[(same + 1)..]];
            return;
        }

        if (submission.Names.Count == 0 && !submission.HasReferences && submission.Usings.All(opened => _kept.Any(kept => kept.Usings.Contains(opened))))
        {
            return;
        }

        if (submission.HasReferences)
        {
            _carried = _references.Count;
        }

        _kept = Visible([.. _kept, submission]);
    }

    // A cell may go when nothing that it declares can be named any more, no cell that stays was compiled against it, and
    // none needs its place to be taken.
    private static List<Submission> Visible(List<Submission> all)
    {
        var opened = new HashSet<string>();
        var isFirstToOpen = all.Select(submission => submission.Usings.Count(opened.Add) > 0).ToList();
        var hidden = new HashSet<string>();
        var used = new HashSet<string>();
        // Names that later cells mention, each with the declarations that have been met since: a name may be a type, or
        // several methods, from more than one cell.
        var mentioned = new Dictionary<string, HashSet<string>>();
        var stays = new List<Submission>();
        var areAllNeeded = false;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            var submission = all[i];
            var name = submission.AssemblyName;
            var isMentioned = submission.Declarations.Any(keys => mentioned.TryGetValue(keys.Key, out var met) && keys.Except(met).Any());
            if (areAllNeeded || submission.HasReferences || isFirstToOpen[i] || isMentioned || used.Contains(name) || submission.Names.Except(hidden).Any())
            {
                stays.Add(submission);
                used.UnionWith(submission.Uses);
                // What it declares itself comes before what cells before it declare.
                foreach (var mention in submission.Mentions)
                {
                    mentioned[mention] = [.. submission.Declarations[mention]];
                }

                foreach (var keys in submission.Declarations.Where(keys => mentioned.ContainsKey(keys.Key)))
                {
                    mentioned[keys.Key].UnionWith(keys);
                }

                areAllNeeded |= submission.HasAnonymousTypes;
            }

            hidden.UnionWith(submission.Names);
        }

        stays.Reverse();
        if (stays.Count == all.Count)
        {
            return all;
        }

        for (var i = 0; i < stays.Count; i++)
        {
            var previous = i == 0 ? null : stays[i - 1].Compilation;
            if (stays[i].Compilation.ScriptCompilationInfo!.PreviousScriptCompilation != previous)
            {
                stays[i] = stays[i].After(previous);
            }
        }

        return stays;
    }
}

using Backprop.Notebooks.Documents;

[assembly: AssemblyFixture(typeof(Backprop.Notebooks.Tests.Lessons.LessonsRun))]

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The repository's own notebooks, run once by the real command into a folder of their own, when a test first asks for them.</summary>
public sealed class LessonsRun : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("lessons run ").FullName;
    private readonly Lazy<CommandResult> _run;

    public LessonsRun() => _run = new(() => Sample.Run(Path.Combine(Repository, "notebooks"), "--no-build", "--output", _output));

    public static string Repository { get; } = FindRepository();

    public static string[] Names { get; } =
        [.. Directory.GetFiles(Path.Combine(Repository, "notebooks"), "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    /// <summary>
    /// The notebooks that other hosts than the runner run: all of them where tests may be long; else one with a movie, and one
    /// that declares types and functions.
    /// </summary>
    public static string[] NamesForHosts { get; } = Sample.IsLong ? Names : ["2-softmax-regression", "4-build-your-own-autodiff"];

    public static string Committed(string name) => Path.Combine(Repository, "notebooks", name + ".ipynb");

    /// <summary>The source of a cell for a notebook in any folder: what it names from its own is named by an absolute path.</summary>
    public static string FromAnywhere(string source)
    {
        var own = Path.Combine(Repository, "notebooks").Replace('\\', '/');
        return source.Replace("\"../", $"\"{own}/../").Replace("\"checks/", $"\"{own}/checks/");
    }

    /// <summary>The exported page of a notebook.</summary>
    public string Page(string name) => Path.Combine(_output, name + ".html");

    /// <summary>The executed copy of a notebook.</summary>
    public Notebook Executed(string name)
    {
        Assert.True(_run.Value.ExitCode == 0, $"The command ended with {_run.Value.ExitCode}:\n{_run.Value.Output}{_run.Value.Error}");
        return Notebook.Load(Path.Combine(_output, name + ".ipynb"));
    }

    /// <summary>All that a notebook's cells printed.</summary>
    public string Printed(string name) =>
        string.Concat(Executed(name).CodeCells.SelectMany(cell => cell.Outputs).OfType<StreamOutput>().Select(stream => stream.Text));

    public void Dispose() => Directory.Delete(_output, recursive: true);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Backprop.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Backprop.slnx.");
    }
}

using System.Xml.Linq;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Running;

/// <summary>
/// The projects behind the files that notebooks reference: <c>#r "../lib/bin/X.dll"</c> is made by
/// <c>lib/X/X.csproj</c>, a folder beside the folder it is built into.
/// </summary>
internal static class ReferencedProjects
{
    /// <summary>The projects to build, without those that another one of them builds anyway.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Notebook> notebooks)
    {
        var projects = notebooks.SelectMany(Files).Select(ProjectOf).OfType<string>().Distinct().ToList();
        var built = projects.SelectMany(project => Closure(project).Skip(1)).ToHashSet();
        return [.. projects.Where(project => !built.Contains(project))];
    }

    /// <summary>True when the project's output is missing or older than a file that it is made of.</summary>
    public static bool IsOutOfDate(string project)
    {
        var output = new FileInfo(Path.Combine(OutputFolder(project), Path.GetFileNameWithoutExtension(project) + ".dll"));
        return !output.Exists || Closure(project).SelectMany(Sources).Any(file => file.LastWriteTimeUtc > output.LastWriteTimeUtc);
    }

    /// <summary>Builds a project.</summary>
    /// <returns>Null when it was built, otherwise what the compiler said.</returns>
    public static async Task<string?> BuildAsync(string project, CancellationToken cancellationToken)
    {
        var run = await DotNet.RunAsync(["build", project, "--nologo", "-v:quiet", "-clp:NoSummary"], Path.GetDirectoryName(project)!, cancellationToken);
        if (run.ExitCode == 0)
        {
            // An incremental build may find nothing to do after a change that changes nothing: the output is current all the same.
            var output = Path.Combine(OutputFolder(project), Path.GetFileNameWithoutExtension(project) + ".dll");
            if (File.Exists(output))
            {
                File.SetLastWriteTimeUtc(output, DateTime.UtcNow);
            }

            return null;
        }

        return string.Join('\n', run.Errors.DefaultIfEmpty(run.Output.Trim()));
    }

    private static IEnumerable<string> Files(Notebook notebook) =>
        notebook.CodeCells.SelectMany(cell => cell.Source.Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("#r", StringComparison.Ordinal) && line.Contains(".dll\"", StringComparison.OrdinalIgnoreCase))
            .Select(line => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!, line.Split('"')[1].Replace('\\', '/'))));

    private static string? ProjectOf(string dll)
    {
        var name = Path.GetFileNameWithoutExtension(dll);
        var project = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(dll)!, "..", name, name + ".csproj"));
        return Path.GetFileName(Path.GetDirectoryName(dll)) == "bin" && File.Exists(project) ? project : null;
    }

    private static string OutputFolder(string project) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, "..", "bin"));

    // The project and all projects that it references, itself first.
    private static IEnumerable<string> Closure(string project)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var next))
        {
            if (!File.Exists(next) || !seen.Add(next))
            {
                continue;
            }

            yield return next;
            foreach (var reference in XDocument.Load(next).Descendants("ProjectReference").Select(element => (string?)element.Attribute("Include")).OfType<string>())
            {
                open.Enqueue(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(next)!, reference.Replace('\\', '/'))));
            }
        }
    }

    private static IEnumerable<FileInfo> Sources(string project)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(project)!);
        var own = folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder.FullName, file.FullName).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
        var above = new List<FileInfo>();
        for (var at = folder.Parent; at is not null; at = at.Parent)
        {
            above.AddRange(at.EnumerateFiles("Directory.*.props"));
            above.AddRange(at.EnumerateFiles("Directory.*.targets"));
        }

        return own.Concat(above);
    }
}

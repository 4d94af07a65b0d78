using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Running;

/// <summary>Which notebooks the command's arguments name.</summary>
internal static partial class NotebookFiles
{
    /// <exception cref="UnreadableNotebookException">A file is missing, or a folder has no notebooks.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> arguments) =>
        [.. arguments.SelectMany(Find).DistinctBy(RealPath.Of, RealPath.Comparer)];

    /// <summary>A name for each notebook's page and copy: its own, with its folder's where two would be the same.</summary>
    /// <param name="paths">The notebooks.</param>
    /// <param name="folder">Where the copies go, if anywhere: a notebook that lies there keeps its name, so that no other takes its place.</param>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> paths, string? folder = null)
    {
        var places = paths.Select(RealPath.Of).ToList();
        var names = paths.Select(path => Path.GetFileNameWithoutExtension(path)).ToList();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "index" };
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            var from = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(paths[i])));
            for (var number = 1; IsAnothers(names[i], i) || !taken.Add(names[i]); number++)
            {
                names[i] = number == 1 ? $"{from}-{name}" : $"{from}-{name}-{number}";
            }
        }

        return names;

        bool IsAnothers(string name, int own) => folder is not null && RealPath.Of(Path.Combine(folder, name + ".ipynb")) is var copy
            && places.Where((_, i) => i != own).Contains(copy, RealPath.Comparer);
    }

    private static IReadOnlyList<string> Find(string argument)
    {
        if (!Directory.Exists(argument))
        {
            return File.Exists(argument) ? [argument] : throw new UnreadableNotebookException(argument, "there is no such file or folder.");
        }

        var found = Directory.EnumerateFiles(argument, "*.ipynb").OrderBy(SortKey, StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new UnreadableNotebookException(argument, "there are no notebooks (*.ipynb) in this folder.");
    }

    // 2-… comes before 10-….
    private static string SortKey(string path) => Digits().Replace(Path.GetFileName(path), match => match.Value.PadLeft(9, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}

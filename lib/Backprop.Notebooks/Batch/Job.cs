using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks;

/// <summary>A notebook to run and the files to make of it.</summary>
/// <param name="Notebook">The notebook.</param>
/// <param name="Name">What its files are called.</param>
/// <param name="Folder">Where they go.</param>
/// <param name="Options">How to run it.</param>
internal sealed record Job(Notebook Notebook, string Name, string Folder, RunOptions Options)
{
    public string PageFile => Name + ".html";

    private string Page => Path.Combine(Folder, PageFile);

    private string Copy => Path.Combine(Folder, Name + ".ipynb");

    // The copy of a notebook that lies in the output folder is the notebook: it is never deleted or overwritten.
    private bool IsItsOwnCopy => RealPath.Comparer.Equals(RealPath.Of(Notebook.Path), RealPath.Of(Copy));

    public void DeleteOutputs()
    {
        File.Delete(Page);
        if (!IsItsOwnCopy)
        {
            File.Delete(Copy);
        }
    }

    public void WriteOutputs(NotebookRun run, PageLink? previous, PageLink? next)
    {
        if (!IsItsOwnCopy)
        {
            AtomicFile.Write(Copy, run.Executed.ToText());
            CopyLoadedFiles();
        }

        AtomicFile.Write(Page, NotebookPage.Write(run.Executed, previous, next));
    }

    /// <summary>The notebook as it was run, or as it is where it was not.</summary>
    public Notebook Executed() => File.Exists(Copy) ? Notebook.Load(Copy) : Notebook;

    /// <summary>Writes the run's outputs into the notebook itself.</summary>
    /// <returns>False when they were there already.</returns>
    public bool UpdateNotebook(NotebookRun run)
    {
        var text = File.ReadAllText(Notebook.Path);
        if (text != Notebook.Text)
        {
            throw new UnreadableNotebookException(Notebook.Path, "it was changed while it ran, so its outputs are not written. Run it again.");
        }

        var updated = Notebook.Copy();
        foreach (var (cell, now) in updated.CodeCells.Zip(run.Cells))
        {
            // Only the time on the clock is different: no reason for a change in the file.
            cell.SetResult(now.Number, OutputComparison.AreSame(cell.Outputs, now.Outputs) ? cell.Outputs : now.Outputs);
        }

        updated.AddMissingIds();
        if (updated.ToText() == text)
        {
            return false;
        }

        AtomicFile.Write(Notebook.Path, updated.ToText());
        return true;
    }

    // The copy loads what the notebook loads, from beside itself.
    private void CopyLoadedFiles()
    {
        var source = Path.GetDirectoryName(Path.GetFullPath(Notebook.Path))!;
        foreach (var file in Notebook.CodeCells.SelectMany(cell => CellSyntax.Loaded(cell.Source)).Distinct().Where(file => !Path.IsPathRooted(file) && !file.Contains("..")))
        {
            var (from, to) = (Path.Combine(source, file), Path.Combine(Folder, file));
            if (File.Exists(from) && Path.GetFullPath(from) != Path.GetFullPath(to))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(from, to, overwrite: true);
            }
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Live;

/// <summary>What of a notebook goes into its file, and what comes out of it.</summary>
internal sealed partial class LiveNotebook
{
    private bool IsChanged() => _cells.Any(cell => cell.IsChanged);

    // As the editors save it, and only when it is asked for.
    private void Save(Tab tab, bool overwrite)
    {
        try
        {
            var known = _notebook.Text;
            var now = File.Exists(_notebook.Path) ? File.ReadAllText(_notebook.Path) : null;
            if ((now != known || _cells.Any(cell => cell.IsBehind)) && !overwrite)
            {
                tab.Send(new JsonObject { ["is"] = "conflict", ["gone"] = now is null });
                return;
            }

            _drafts.KeepOriginal(known);
            var saved = _notebook.Copy();
            foreach (var (cell, live) in saved.CodeCells.Zip(_cells))
            {
                cell.SetSource(live.Source);
                if (live.IsNew)
                {
                    cell.SetResult(live.Count, OutputComparison.AreSame(cell.Outputs, live.Shown) ? cell.Outputs : live.Shown);
                }
            }

            var text = saved.ToText();
            AtomicFile.Write(_notebook.Path, text);
            _notebook = Notebook.Parse(text, _notebook.Path);
            foreach (var (cell, live) in _notebook.CodeCells.Zip(_cells))
            {
                (live.Cell, live.Over, live.IsNew) = (cell, cell.Source, false);
            }

            KeepDrafts();
            Send(State($"Saved in {Path.GetFileName(_notebook.Path)}."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tab.Send(State($"It could not be saved: {e.Message}"));
        }
    }

    // The file's text takes the place of all that the page has.
    private void Reload()
    {
        try
        {
            Read(Notebook.Load(_notebook.Path));
        }
        catch (UnreadableNotebookException e)
        {
            Send(State(e.Message));
            return;
        }

        KeepDrafts();
        Renew();
    }

    // Back to what is in the repository: one cell, or all of them and a new session.
    private void StartOver(int? index)
    {
        var cells = Original().CodeCells;
        if (_current >= 0 && (index is null || index == _current))
        {
            Stop();
        }

        foreach (var (at, cell) in _cells.Index())
        {
            var id = cell.Cell.Json.Text("id");
            // A cell that the repository does not know is as its file has it. Where cells have no ids, they are known by their places.
            var before = id is not null ? cells.FirstOrDefault(other => other.Json.Text("id") == id) ?? cell.Cell : at < cells.Count ? cells[at] : cell.Cell;
            if (index is not null && index != at)
            {
                continue;
            }

            Edit(at, before.Source);
            cell.StartOver(before);
            cell.Version = ++_version;
        }

        KeepDrafts();
        if (index is null)
        {
            Renew();
        }
        else
        {
            Send(new() { ["is"] = "cells", ["cells"] = new JsonArray(LivePage.Describe(_cells[index.Value], withOutputs: true)) });
            Send(State());
        }
    }

    // Pages of another notebook than the one that there is now are loaded anew, and so is the session.
    private void Renew()
    {
        Restart();
        Send(new JsonObject { ["is"] = "renewed" });
    }

    private Notebook Original()
    {
        foreach (var text in new[] { Committed(), _drafts.Original })
        {
            try
            {
                if (text is not null)
                {
                    return Notebook.Parse(text, _notebook.Path);
                }
            }
            catch (UnreadableNotebookException)
            {
                // What was committed is no notebook: the file as it is has to do.
            }
        }

        return _notebook;
    }

    // What git has of the file; null where there is no git, or the file is not in it.
    private string? Committed()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["show", $"HEAD:./{Path.GetFileName(_notebook.Path)}"])
            {
                WorkingDirectory = FolderPath,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = System.Text.Encoding.UTF8,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var text = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private void KeepDrafts()
    {
        lock (_lock)
        {
            try
            {
                _drafts.Write(_cells.Where(cell => cell.IsChanged).ToDictionary(cell => cell.Id, cell => new Draft(cell.Source, cell.Over)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Send(State($"What you type cannot be kept: {e.Message} Save the notebook before you close it."));
            }
        }
    }
}

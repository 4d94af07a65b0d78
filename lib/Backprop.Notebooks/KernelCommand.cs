using System.CommandLine;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Jupyter;
using Backprop.Notebooks.Running;
using Spectre.Console;

namespace Backprop.Notebooks;

/// <summary>The command's part that deals with Jupyter: installs the kernel, removes it, lists kernels, and is one.</summary>
internal static class KernelCommand
{
    public static Command Create(TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var name = new Option<string>("--name") { Description = "What notebooks call the kernel. Take .net-csharp for notebooks saved by Polyglot Notebooks.", DefaultValueFactory = _ => KernelInstaller.DefaultName };
        var user = new Option<bool>("--user") { Description = "For the current user (the default)." };
        var sysPrefix = new Option<bool>("--sys-prefix") { Description = "For the Python environment that is active here." };
        var prefix = new Option<string?>("--prefix") { Description = "Below this folder, in share/jupyter.", HelpName = "folder" };
        var install = new Command("install", "Installs a kernel for C# notebooks, to use in JupyterLab, Jupyter Notebook or VS Code.") { name, user, sysPrefix, prefix };
        var uninstall = new Command("uninstall", "Removes the kernel.") { name, user, sysPrefix, prefix };
        var list = new Command("list", "Lists the kernels that Jupyter finds here.");
        var file = new Argument<string>("connection-file") { Description = "The file with the addresses and the key." };
        var run = new Command("run", "Runs as a kernel; Jupyter calls this.") { file };

        install.SetAction((result, _) => TryAsync(() => InstallAsync(Folder(result), result.GetValue(name)!)));
        uninstall.SetAction((result, _) => TryAsync(() =>
        {
            output.WriteLine($"Removed {KernelInstaller.Uninstall(Folder(result), result.GetValue(name)!)}");
            return Task.CompletedTask;
        }));
        list.SetAction((_, _) => TryAsync(() =>
        {
            List();
            return Task.CompletedTask;
        }));
        run.SetAction((result, _) => TryAsync(() => JupyterKernel.RunAsync(result.GetValue(file)!, error, cancellationToken)));
        foreach (var command in new[] { install, uninstall })
        {
            command.Validators.Add(result =>
            {
                if ((result.GetValue(user) ? 1 : 0) + (result.GetValue(sysPrefix) ? 1 : 0) + (result.GetValue(prefix) is null ? 0 : 1) > 1)
                {
                    result.AddError("Choose one of --user, --sys-prefix and --prefix.");
                }
            });
        }

        return new Command("kernel", "Makes this program a Jupyter kernel.") { install, uninstall, list, run };

        string Folder(ParseResult result) =>
            result.GetValue(prefix) is { } chosen ? JupyterFolders.Below(chosen)
            : result.GetValue(sysPrefix) ? JupyterFolders.Below(JupyterFolders.PythonPrefix()
                ?? throw new InstallationException("No Python was found here, so --sys-prefix means nothing. Use --user, or --prefix <folder>."))
            : JupyterFolders.User;

        async Task InstallAsync(string folder, string kernel)
        {
            var project = Repository.FindOwnProject()
                ?? throw new InstallationException("The kernel is built from this program's source, which is not here. Run the command in the repository.");
            var spec = await KernelInstaller.InstallAsync(folder, kernel, project, output.WriteLine, cancellationToken);
            // The notebooks' library, so that they can be opened at once.
            var notebooks = NotebookFiles.Find([Path.GetFullPath(Path.Combine(project, "..", "..", "..", "notebooks"))]).Select(Notebook.Load);
            if (await Batch.BuildAsync([.. notebooks], new Screen(output, error), cancellationToken))
            {
                output.WriteLine($"Installed {spec.DisplayName} as {spec.Name} in {spec.Folder}");
            }
        }

        void List()
        {
            var table = new Table().Border(TableBorder.Ascii).AddColumn("name").AddColumn("shown as").AddColumn("folder").AddColumn("");
            foreach (var spec in JupyterFolders.All().SelectMany(KernelSpec.Below))
            {
                table.AddRow([.. new[] { spec.Name, spec.DisplayName, spec.Folder, !spec.IsOurs ? "" : spec.Missing is { } missing ? $"broken: {missing} is missing, install again" : "this program" }.Select(Markup.Escape)]);
            }

            new Screen(output, error).Show(table);
        }

        async Task<int> TryAsync(Func<Task> action)
        {
            try
            {
                await action();
                return 0;
            }
            catch (Exception e) when (e is InstallationException or ConnectionException or UnreadableNotebookException)
            {
                error.WriteLine(e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"A file could not be written: {e.Message}");
            }
            catch (OperationCanceledException)
            {
                error.WriteLine("Stopped. Nothing was changed.");
            }

            return CommandLine.WrongUsage;
        }
    }
}

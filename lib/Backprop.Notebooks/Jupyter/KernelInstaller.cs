using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Installs this program as a Jupyter kernel: a published copy, which starts faster than <c>dotnet run</c>.</summary>
internal static partial class KernelInstaller
{
    public const string DefaultName = "backprop-csharp";

    private static readonly TimeSpan s_often = TimeSpan.FromSeconds(5);

    // Every package that this program uses, with its version.
    private static readonly string s_packages = Path.ChangeExtension(typeof(KernelInstaller).Assembly.Location, ".deps.json");

    /// <summary>Publishes the program and registers it. An older one of the same name is replaced in one step, at the end.</summary>
    /// <param name="jupyter">The Jupyter folder to install to.</param>
    /// <param name="name">What clients and notebooks call the kernel.</param>
    /// <param name="project">The project of this program.</param>
    /// <param name="say">Receives what the user should know.</param>
    /// <param name="cancellationToken">Stops the installation; what was there before stays.</param>
    /// <exception cref="InstallationException">The name is taken, or the program cannot be published.</exception>
    public static async Task<KernelSpec> InstallAsync(string jupyter, string name, string project, Action<string> say, CancellationToken cancellationToken)
    {
        var kernels = Path.Combine(jupyter, "kernels");
        var folder = Path.Combine(kernels, name);
        RefuseForeign(jupyter, name);
        Directory.CreateDirectory(kernels);
        say("Building the kernel and compiling it ahead for this machine");
        var staged = Path.Combine(kernels, $".{name}.{Guid.NewGuid():N}");
        try
        {
            using var build = BuildFolder.For(project, s_packages);
            await PublishAsync(project, Path.Combine(staged, "bin"), build.FullName, say, cancellationToken);
            build.Keep();
            foreach (var logo in new[] { "logo-svg.svg", "logo-32x32.png", "logo-64x64.png" })
            {
                using var image = typeof(KernelInstaller).Assembly.GetManifestResourceStream(logo)!;
                using var file = File.Create(Path.Combine(staged, logo));
                await image.CopyToAsync(file, cancellationToken);
            }

            var spec = KernelSpec.Ours(folder, DotNet.Command);
            await File.WriteAllTextAsync(Path.Combine(staged, KernelSpec.File), spec.ToText(), cancellationToken);
            Replace(folder, staged);
            return spec;
        }
        finally
        {
            BuildFolder.Delete(staged);
        }
    }

    /// <summary>Removes a kernel that this program installed.</summary>
    /// <exception cref="InstallationException">There is none of that name, or it is another program's.</exception>
    public static string Uninstall(string jupyter, string name)
    {
        CheckName(name);
        var folder = Path.Combine(jupyter, "kernels", name);
        if (!Directory.Exists(folder))
        {
            throw new InstallationException($"No kernel {name} is installed in {Path.Combine(jupyter, "kernels")}. The command kernel list shows those that are.");
        }

        if (KernelSpec.Read(folder) is not { IsOurs: true })
        {
            throw new InstallationException($"The kernel in {folder} was not installed by this program, so it is not removed.");
        }

        Directory.Delete(folder, recursive: true);
        return folder;
    }

    /// <summary>Refuses a name that Jupyter would not take, or under which it finds another program's kernel.</summary>
    internal static void RefuseForeign(string jupyter, string name)
    {
        CheckName(name);
        foreach (var folder in JupyterFolders.All().Append(jupyter).Select(place => Path.Combine(place, "kernels", name)).Distinct())
        {
            if (Directory.Exists(folder) && KernelSpec.Read(folder) is not { IsOurs: true })
            {
                throw new InstallationException($"Another kernel has the name {name}: {folder}. Choose another one with --name, or remove that kernel (jupyter kernelspec remove {name}).");
            }
        }
    }

    private static void CheckName(string name)
    {
        if (!Names().IsMatch(name) || name is "." or "..")
        {
            throw new InstallationException($"{name} cannot be the name of a kernel: only letters, digits, '.', '-' and '_' may be in it.");
        }
    }

    private static async Task PublishAsync(string project, string target, string build, Action<string> say, CancellationToken cancellationToken)
    {
        // Compiled ahead for this machine it starts in half the time. Everything in between lies in a folder of its own: the
        // repository's builds are not disturbed. Those look for mistakes as well, which takes seconds.
        string[] publish = ["publish", project, "--configuration", "Release", "--artifacts-path", build, "--output", target, "--nologo", "-v:quiet", "-clp:NoSummary", "-p:RunAnalyzers=false"];
        var run = await SayHowLongAsync(
            DotNet.RunAsync(
                [.. publish, "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true"],
                Path.GetDirectoryName(project)!,
                cancellationToken),
            say);
        if (run.ExitCode == 0)
        {
            return;
        }

        BuildFolder.Delete(target);
        run = await DotNet.RunAsync(publish, Path.GetDirectoryName(project)!, cancellationToken);
        if (run.ExitCode != 0)
        {
            throw new InstallationException($"The kernel could not be built:\n{string.Join('\n', run.Errors.DefaultIfEmpty(run.Output.Trim()))}");
        }

        say("The kernel could not be compiled ahead of its use, which needs a package from NuGet, so it will start more slowly. Install it again when there is a network.");
    }

    // A busy machine may take minutes: who waits is told that something is going on.
    private static async Task<T> SayHowLongAsync<T>(Task<T> work, Action<string> say)
    {
        var watch = Stopwatch.StartNew();
        while (await Task.WhenAny(work, Task.Delay(s_often)) != work)
        {
            say($"  {watch.Elapsed.TotalSeconds:0} seconds");
        }

        return await work;
    }

    private static void Replace(string folder, string staged)
    {
        var old = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}");
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, old);
            }
        }
        catch (IOException e)
        {
            throw new InstallationException($"The installed kernel cannot be replaced while it runs ({e.Message}). Shut down the notebooks that use it, then install again.");
        }

        Directory.Move(staged, folder);
        BuildFolder.Delete(old);
    }

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex Names();
}

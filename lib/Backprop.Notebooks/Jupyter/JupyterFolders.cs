using System.ComponentModel;
using System.Diagnostics;

namespace Backprop.Notebooks.Jupyter;

/// <summary>The folders in which Jupyter looks for kernels, as <c>jupyter --paths</c> lists them.</summary>
internal static class JupyterFolders
{
    /// <summary>The current user's.</summary>
    /// <exception cref="InstallationException">The user has no home folder.</exception>
    public static string User
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } data)
            {
                return data;
            }

            if (OperatingSystem.IsWindows() && Variable("APPDATA") is { } roaming)
            {
                return Path.Combine(roaming, "jupyter");
            }

            if (!OperatingSystem.IsMacOS() && Variable("XDG_DATA_HOME") is { } shared)
            {
                return Path.Combine(shared, "jupyter");
            }

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return home.Length == 0 ? throw new InstallationException("The home folder is not known. Say where the kernel shall go: --prefix <folder>.")
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
                : Path.Combine(home, ".local", "share", "jupyter");
        }
    }

    /// <summary>All of them, the first found counts.</summary>
    public static IEnumerable<string> All()
    {
        IEnumerable<string> named = (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> machines = OperatingSystem.IsWindows()
            ? [Path.Combine(Variable("PROGRAMDATA") ?? @"C:\ProgramData", "jupyter")]
            : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
        return named.Append(User).Concat(PythonPrefix() is { } prefix ? [Below(prefix)] : []).Concat(machines).Select(Path.GetFullPath).Distinct();
    }

    /// <summary>The folder below a prefix such as /usr/local.</summary>
    public static string Below(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter");

    /// <summary>Where the Python that is active here is installed; null where there is none.</summary>
    public static string? PythonPrefix()
    {
        if ((Variable("VIRTUAL_ENV") ?? Variable("CONDA_PREFIX")) is { } active)
        {
            return active;
        }

        foreach (var python in new[] { "python3", "python" })
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import sys; print(sys.prefix)"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                var prefix = process.StandardOutput.ReadToEnd().Trim();
                process.WaitForExit();
                if (process.ExitCode == 0 && prefix.Length > 0)
                {
                    return prefix;
                }
            }
            catch (Win32Exception)
            {
                // No such command.
            }
        }

        return null;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

using System.Diagnostics;

namespace Backprop.Notebooks.Jupyter;

/// <summary>The program that started the kernel, as Jupyter tells it. A kernel whose client was killed would else stay for ever.</summary>
internal static class ParentProcess
{
    /// <summary>Waits until it ends; for ever where it is not known.</summary>
    public static async Task EndAsync(CancellationToken cancellationToken)
    {
        // On Windows the variable holds a handle, and Jupyter ends its kernels by other means.
        var variable = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("JPY_PARENT_PID");
        if (!int.TryParse(variable, out var id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}

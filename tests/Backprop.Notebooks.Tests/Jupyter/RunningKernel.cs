namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>One kernel and one client for all tests of a class.</summary>
public sealed class RunningKernel : IAsyncDisposable
{
    public RunningKernel() => Client = new(Process);

    public KernelProcess Process { get; } = new();

    public KernelClient Client { get; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }
}

using Backprop.Notebooks.Live;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>The process in which a live page's cells run.</summary>
public sealed class SessionProcessTests
{
    [Fact]
    public async Task A_cell_that_is_stopped_before_it_has_begun_does_not_begin()
    {
        using var session = SessionProcess.Start(Path.GetTempPath());
        var endless = session.AskAsync(new(0, "run", "while (true) { }", "cell 1"));

        session.Stop();
        var next = session.AskAsync(new(0, "run", "1 + 1", "cell 2"));

        Assert.True((await endless.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken))!.IsStopped);
        Assert.Null((await next.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken))!.Failure);
        session.End();
    }
}

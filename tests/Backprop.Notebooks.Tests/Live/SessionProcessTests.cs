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

    [Fact]
    public async Task What_a_variable_leads_to_is_watched_under_its_own_name_as_well()
    {
        using var session = SessionProcess.Start(Path.GetTempPath());
        await RunAsync("class Layer { public double W; } class Net(Layer first) { public void Train() => first.W++; }");
        await RunAsync("var layer = new Layer(); var other = new Layer(); var net = new Net(layer);");

        var changed = await RunAsync("net.Train();", "net");
        var unchanged = await RunAsync("net.ToString();", "net");

        Assert.Equal(["layer", "net"], changed!.Order());
        Assert.Empty(unchanged!);
        session.End();

        async Task<IReadOnlyList<string>?> RunAsync(string code, params string[] watch)
        {
            var reply = await session.AskAsync(new(0, "run", code, "cell 1", Watch: watch)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Null(reply!.Failure);
            return reply.Changed;
        }
    }
}

using System.Diagnostics;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>What a kernel does at once, whatever its cell is doing.</summary>
/// <remarks>
/// A stop takes two ordinary cells, or a quarter of a second on a quiet machine. It may take five times as long, in ordinary
/// cells, which take their time on a busy machine as well; and as a neighbour may have the processor for a moment, one of
/// three attempts must do.
/// </remarks>
[Collection(SideBySide.Alone)]
public sealed class KernelPromptnessTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    private readonly KernelClient _client = kernel.Client;

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("for (var i = 0.0; ; i++) Math.Sin(i);")]
    [InlineData("while (true) Console.WriteLine(1);")]
    [InlineData("System.Threading.Thread.Sleep(60_000);")]
    [InlineData("await Task.Delay(60_000);")]
    [InlineData("Console.ReadLine();")]
    [InlineData("Task.Run(() => System.Threading.Thread.Sleep(60_000)).Wait();")]
    [InlineData("try { while (true) { } } catch { while (true) { } }")]
    public void An_interrupt_stops_the_cell_at_once_and_keeps_the_variables(string endless) => Assert.Contains(Attempts(() =>
    {
        _client.Run("var earlier = 1;");
        var id = _client.StartAndWait($"earlier++; var begun = \"yes\"; Console.WriteLine(begun); {endless}");
        Thread.Sleep(200);

        var watch = Stopwatch.StartNew();
        Assert.Equal("ok", _client.Ask("interrupt_request", [], onControl: true).Status);
        var answer = _client.Answer(id);
        watch.Stop();

        Assert.Equal("Interrupted.", answer.Error);
        var ordinary = Stopwatch.StartNew();
        Assert.Equal("2 yes", _client.Run("$\"{earlier} {begun}\"").Result);
        return watch.Elapsed / ordinary.Elapsed;
    }), ratio => ratio < 10);

    [Theory]
    [InlineData("var k = 0; while (true) k++;")]
    [InlineData("while (true) Console.WriteLine(1);")]
    public void An_interrupt_on_the_shell_channel_does_not_wait_for_the_cell_that_it_is_to_stop(string endless) => Assert.Contains(Attempts(() =>
    {
        var id = _client.StartAndWait($"Console.WriteLine(\"begun\"); {endless}");
        Thread.Sleep(200);

        var watch = Stopwatch.StartNew();
        _client.Send("interrupt_request", []);
        var answer = _client.Answer(id);
        watch.Stop();

        Assert.Equal("Interrupted.", answer.Error);
        var ordinary = Stopwatch.StartNew();
        Assert.Equal("2", _client.Run("1 + 1").Result);
        return watch.Elapsed / ordinary.Elapsed;
    }), ratio => ratio < 10);

    [Fact]
    public void Heartbeats_and_control_requests_are_answered_while_a_cell_runs()
    {
        var id = _client.StartAndWait("Console.WriteLine(\"begun\"); System.Threading.Thread.Sleep(60_000);");
        using var heart = new RequestSocket($">tcp://127.0.0.1:{kernel.Process.Ports[4]}");

        heart.SendFrame("beat");
        Assert.True(heart.TryReceiveFrameString(TimeSpan.FromSeconds(30), out var beat));
        Assert.Equal("beat", beat);
        Assert.Equal("ok", _client.Ask("kernel_info_request", [], onControl: true).Status);
        // The cell did not end meanwhile.
        Assert.Equal("ok", _client.Ask("interrupt_request", [], onControl: true).Status);

        Assert.Equal("Interrupted.", _client.Answer(id).Error);
    }

    private static IEnumerable<double> Attempts(Func<double> attempt) => Enumerable.Range(0, 3).Select(_ => attempt());
}

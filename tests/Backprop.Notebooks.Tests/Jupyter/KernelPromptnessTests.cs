using System.Diagnostics;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>What a kernel does within a second, whatever its cell is doing.</summary>
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
    public void An_interrupt_stops_the_cell_within_a_second_and_keeps_the_variables(string endless)
    {
        _client.Run("var earlier = 1;");
        var id = _client.StartAndWait($"earlier++; var begun = \"yes\"; Console.WriteLine(begun); {endless}");
        Thread.Sleep(200);

        var watch = Stopwatch.StartNew();
        Assert.Equal("ok", _client.Ask("interrupt_request", [], onControl: true).Status);
        var answer = _client.Answer(id);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        Assert.Equal("Interrupted.", answer.Error);
        Assert.Equal("2 yes", _client.Run("$\"{earlier} {begun}\"").Result);
    }

    [Theory]
    [InlineData("var k = 0; while (true) k++;")]
    [InlineData("while (true) Console.WriteLine(1);")]
    public void An_interrupt_on_the_shell_channel_does_not_wait_for_the_cell_that_it_is_to_stop(string endless)
    {
        var id = _client.StartAndWait($"Console.WriteLine(\"begun\"); {endless}");
        Thread.Sleep(200);

        var watch = Stopwatch.StartNew();
        _client.Send("interrupt_request", []);
        var answer = _client.Answer(id);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        Assert.Equal("Interrupted.", answer.Error);
        Assert.Equal("2", _client.Run("1 + 1").Result);
    }

    [Fact]
    public void Heartbeats_and_control_requests_are_answered_while_a_cell_runs()
    {
        var id = _client.StartAndWait("Console.WriteLine(\"begun\"); System.Threading.Thread.Sleep(1500); 1");
        using var heart = new RequestSocket($">tcp://127.0.0.1:{kernel.Process.Ports[4]}");

        heart.SendFrame("beat");
        Assert.True(heart.TryReceiveFrameString(TimeSpan.FromSeconds(1), out var beat));
        Assert.Equal("beat", beat);
        Assert.Equal("ok", _client.Ask("kernel_info_request", [], onControl: true).Status);

        Assert.Equal("1", _client.Answer(id).Result);
    }
}

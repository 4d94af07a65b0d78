using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>How a kernel begins and ends.</summary>
public sealed class KernelLifeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shutdown_is_answered_told_to_all_and_ends_the_process_also_while_a_cell_runs(bool isRunning)
    {
        await using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        if (isRunning)
        {
            client.StartAndWait("new System.Threading.Thread(() => { while (true) { } }).Start(); Console.WriteLine(\"begun\"); while (true) { }");
        }

        var answer = client.Ask("shutdown_request", new() { ["restart"] = true }, onControl: true);

        Assert.True((bool?)answer.Reply["restart"]);
        Assert.Contains("shutdown_reply", answer.Types);
        Assert.True(kernel.Process.WaitForExit(5000));
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [Fact]
    public async Task A_kernel_ends_with_the_process_that_started_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Jupyter ends its kernels by other means there.");
        using var parent = Process.Start("sleep", "600");
        await using var kernel = new KernelProcess(parent);
        using (var client = new KernelClient(kernel))
        {
            Assert.Equal("2", client.Run("1 + 1").Result);
        }

        Assert.False(kernel.Process.HasExited);
        parent.Kill();
        Assert.True(kernel.Process.WaitForExit(5000));
    }

    [Fact]
    public async Task Ctrl_C_stops_the_cell_and_not_the_kernel()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ctrl+C is sent as a signal, which Windows has not.");
        await using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var id = client.StartAndWait("Console.WriteLine(\"begun\"); while (true) { }");

        Process.Start("kill", ["-INT", kernel.Process.Id.ToString()]).WaitForExit();

        Assert.Equal("Interrupted.", client.Answer(id).Error);
        Assert.Equal("2", client.Run("1 + 1").Result);
    }

    [Fact]
    public async Task A_cell_that_cannot_be_stopped_is_left_behind_and_said_so_until_it_ends()
    {
        await using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        client.Run("var kept = 1;");
        // Waits in native code for a caller.
        var id = client.Start(
            """
            var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            Console.WriteLine(((System.Net.IPEndPoint)listener.LocalEndpoint).Port);
            listener.AcceptTcpClient();
            """);
        var port = int.Parse(client.Published("stream")!.Text("text")!, CultureInfo.InvariantCulture);

        client.Ask("interrupt_request", [], onControl: true);

        Assert.Contains("cannot be stopped", client.Answer(id).Error);
        Assert.Contains("restart the kernel", client.Run("kept").Error);

        new TcpClient().Connect(IPAddress.Loopback, port);
        var watch = Stopwatch.StartNew();
        while (client.Run("kept") is var answer && answer.Result != "1")
        {
            Assert.Contains("restart the kernel", answer.Error);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        }
    }

    [Fact]
    public async Task Two_kernels_have_their_own_variables()
    {
        await using var one = new KernelProcess();
        await using var two = new KernelProcess();
        using var first = new KernelClient(one);
        using var second = new KernelClient(two);

        var ids = (first.Start("var x = 1; System.Threading.Thread.Sleep(500); x"), second.Start("var x = 2; System.Threading.Thread.Sleep(500); x"));

        Assert.Equal(("1", "2"), (first.Answer(ids.Item1).Result, second.Answer(ids.Item2).Result));
        Assert.Equal(("1", "2"), (first.Run("x").Result, second.Run("x").Result));
    }

    [Fact]
    public async Task A_client_that_dies_in_the_middle_leaves_the_kernel_to_the_next_one()
    {
        await using var kernel = new KernelProcess();
        using (var dying = new KernelClient(kernel))
        {
            dying.Run("var kept = 1;");
            dying.StartAndWait("while (true) { Console.WriteLine(new string('x', 10_000)); new string('y', 100_000).Display(); }");
            Thread.Sleep(500);
        }

        using (var asking = new KernelClient(kernel, isBusy: true))
        {
            Interrupt(asking);
            asking.WaitForQuestion(asking.Start("Console.ReadLine()"));
        }

        using var next = new KernelClient(kernel, isBusy: true);
        Interrupt(next);
        Assert.Equal("1", next.Run("kept").Result);
    }

    [Fact]
    public async Task A_connection_file_that_cannot_be_used_is_a_sentence()
    {
        var missing = await Sample.CommandAsync("kernel", "run", "nowhere.json");
        Assert.Equal((2, "The connection file nowhere.json cannot be read"), (missing.ExitCode, missing.Error[..47]));

        var folder = Directory.CreateTempSubdirectory("connections ").FullName;
        foreach (var (text, sentence) in new[]
        {
            ("[]", "is not a JSON object"),
            ("{", "is not a JSON object"),
            ("""{"transport": "ipc"}""", "only tcp is supported"),
            ("""{"signature_scheme": "hmac-md5"}""", "only hmac-sha256 is supported"),
            ("""{"shell_port": "many"}""", "has no port number shell_port"),
        })
        {
            var file = Path.Combine(folder, "connection.json");
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            Assert.Contains(sentence, (await Sample.CommandAsync("kernel", "run", file)).Error);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var file = Path.Combine(Directory.CreateTempSubdirectory("connections ").FullName, "connection.json");
        await File.WriteAllTextAsync(
            file,
            $$"""{"shell_port": {{port}}, "control_port": {{port}}, "iopub_port": {{port}}, "stdin_port": {{port}}, "hb_port": {{port}}}""",
            TestContext.Current.CancellationToken);

        var result = await Sample.CommandAsync("kernel", "run", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"cannot listen at tcp://127.0.0.1:{port}", result.Error);
    }

    // What is sent before the stopped cell has come to its end is not run.
    private static void Interrupt(KernelClient client)
    {
        client.Ask("interrupt_request", [], onControl: true);
        client.Ask("kernel_info_request", []);
    }
}

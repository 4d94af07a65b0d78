using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>A kernel in a process of its own, as Jupyter starts it.</summary>
public sealed class KernelProcess : IAsyncDisposable
{
    // Below those that any system gives out by itself.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private static int s_port = Random.Shared.Next();

    private readonly string _folder = Directory.CreateTempSubdirectory("kernel ").FullName;
    private readonly List<string> _log = [];

    /// <param name="parent">The process that the kernel is told to live as long as.</param>
    /// <param name="program">The program; the one that the tests were built with when left out.</param>
    public KernelProcess(Process? parent = null, string? program = null)
    {
        var ports = FreePorts(5);
        ConnectionFile = Path.Combine(_folder, "connection.json");
        File.WriteAllText(ConnectionFile, new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["key"] = "a key of the tests",
            ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = ports[0],
            ["control_port"] = ports[1],
            ["iopub_port"] = ports[2],
            ["stdin_port"] = ports[3],
            ["hb_port"] = ports[4],
        }.ToJsonString());
        Ports = ports;
        var start = new ProcessStartInfo("dotnet", [program ?? typeof(CommandLine).Assembly.Location, "kernel", "run", ConnectionFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["JPY_PARENT_PID"] = parent?.Id.ToString();
        Process = new() { StartInfo = start };
        Process.ErrorDataReceived += (_, e) => Log(e.Data);
        Process.OutputDataReceived += (_, e) => Log(e.Data);
        Process.Start();
        Process.BeginErrorReadLine();
        Process.BeginOutputReadLine();
    }

    public Process Process { get; }

    public string ConnectionFile { get; }

    public IReadOnlyList<int> Ports { get; }

    /// <summary>What it wrote to its own console, which is its log.</summary>
    public string LogText
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Process.Kill();
        }
        catch (InvalidOperationException)
        {
        }

        await Process.WaitForExitAsync();
        Process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ports at which no one listens now, and which the system gives to no one who asks for any: one of those was taken before the kernel came to listen there.</summary>
    public static int[] FreePorts(int count) =>
        [.. Enumerable.Range(0, LastPort - FirstPort).Select(_ => FirstPort + (int)((uint)Interlocked.Increment(ref s_port) % (LastPort - FirstPort))).Where(IsFree).Take(count)];

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Log(string? line)
    {
        lock (_log)
        {
            _log.Add(line ?? "");
        }
    }
}

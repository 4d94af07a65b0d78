using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>A kernel that is sent anything but messages.</summary>
public sealed class KernelFuzzTests
{
    private static readonly string[] s_types = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_open", "kernel_info_request", "interrupt_request", "made_up_request", ""];

    private static readonly string[] s_values =
    [
        "null", "0", "-1", "1e999", "true", "\"\"", "\"\\ud800\"", "\"1+1\"", "[]", "{}", "{\"a\":1,\"a\":2}", "99999999999999999999", "\"\\u0000\"",
    ];

    private readonly Random _random = new(1);

    [Fact]
    public async Task After_anything_at_all_the_kernel_answers_the_next_good_request()
    {
        await using var kernel = new KernelProcess();
        using var client = new KernelClient(kernel);
        var open = new Queue<TcpClient>();
        var sent = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(Sample.IsLong ? 15 : 4);)
        {
            for (var i = 0; i < 20; i++, sent++)
            {
                if (_random.Next(3) == 0)
                {
                    open.Enqueue(Connect(kernel));
                }
                else
                {
                    client.SendFrames(onControl: _random.Next(2) == 0, Spoilt(client));
                }
            }

            while (open.Count > 40)
            {
                open.Dequeue().Dispose();
            }

            // Interrupts and failing cells among what was sent may stop what is queued behind them, and nothing after that.
            Assert.Equal("ok", client.Ask("kernel_info_request", [], onControl: true).Status);
            Assert.Equal("ok", client.Ask("kernel_info_request", []).Status);
            Assert.Equal("2", client.Run("1 + 1", new() { ["store_history"] = false }).Result);
        }

        using var fresh = new KernelClient(kernel);
        Assert.Equal("2", fresh.Run("1 + 1").Result);
        Assert.False(kernel.Process.HasExited);
        kernel.Process.Refresh();
        Assert.InRange(kernel.Process.WorkingSet64 / 1e6, 0, 1000);
        Assert.Contains("its signature is wrong", kernel.LogText);
        Assert.Contains("is not UTF-8", kernel.LogText);
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} bad messages and connections; the process takes {kernel.Process.WorkingSet64 / 1e6:0} MB");
        foreach (var connection in open)
        {
            connection.Dispose();
        }
    }

    private List<byte[]> Spoilt(KernelClient client)
    {
        var frames = client.FramesOf(s_types[_random.Next(s_types.Length)], new() { ["code"] = "1" });
        switch (_random.Next(9))
        {
            case 0:
                frames.RemoveAt(_random.Next(frames.Count));
                break;
            case 1:
                frames.Insert(_random.Next(frames.Count), Bytes(_random.Next(200)));
                break;
            case 2:
                frames[1] = Bytes(64);
                break;
            case 3:
                frames = [.. Enumerable.Range(0, _random.Next(1, 12)).Select(_ => Bytes(_random.Next(50)))];
                break;
            case 4:
                frames[_random.Next(2, 6)] = Bytes(_random.Next(1, 100));
                Sign(client, frames);
                break;
            case 5:
                frames[5] = Encoding.UTF8.GetBytes($"{{\"code\": {Value()}, \"silent\": {Value()}, \"cursor_pos\": {Value()}, \"user_expressions\": {Value()}, \"hist_access_type\": {Value()}, \"n\": {Value()}}}");
                Sign(client, frames);
                break;
            case 6:
                frames[2] = Encoding.UTF8.GetBytes($"{{\"msg_id\": {Value()}, \"msg_type\": {Value()}, \"session\": {Value()}}}");
                Sign(client, frames);
                break;
            case 7:
                // Deep, or large.
                frames[5] = _random.Next(2) == 0
                    ? Encoding.UTF8.GetBytes(new string('[', 100_000))
                    : Encoding.UTF8.GetBytes($"{{\"code\": \"// {new string('x', 5_000_000)}\"}}");
                Sign(client, frames);
                break;
            default:
                frames[5][^1] ^= 0x80;
                Sign(client, frames);
                break;
        }

        return frames;
    }

    /// <summary>A connection that is no client's: garbage, a greeting and then garbage, or a frame that claims to be huge.</summary>
    private TcpClient Connect(KernelProcess kernel)
    {
        var connection = new TcpClient("127.0.0.1", kernel.Ports[_random.Next(kernel.Ports.Count)]);
        byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. "NULL"u8, .. new byte[48]];
        byte[] bytes = _random.Next(4) switch
        {
            0 => Bytes(_random.Next(1, 2000)),
            1 => [.. greeting, .. Bytes(_random.Next(1, 2000))],
            2 => [.. greeting, 0x02, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            _ => greeting[.._random.Next(greeting.Length)],
        };
        try
        {
            connection.GetStream().Write(bytes);
        }
        catch (IOException)
        {
            // The kernel has hung up.
        }

        return connection;
    }

    private static void Sign(KernelClient client, List<byte[]> frames)
    {
        byte[] all = [.. frames.Skip(2).Take(4).SelectMany(frame => frame)];
        frames[1] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(client.Key, all)));
    }

    private string Value() => s_values[_random.Next(s_values.Length)];

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}

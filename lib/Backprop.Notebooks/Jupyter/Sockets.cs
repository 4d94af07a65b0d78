using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Where a message arrives or leaves.</summary>
internal enum Channel
{
    Shell,
    Control,
    Stdin,
    Iopub,
}

/// <summary>
/// The kernel's five sockets. One thread owns them: it answers heartbeats, hands on what arrives, and sends what any
/// thread gives it to send, in that order.
/// </summary>
internal sealed class Sockets : IDisposable
{
    /// <summary>More than any cell, and less than would fill the memory.</summary>
    private const int LargestFrame = 64 * 1024 * 1024;

    private readonly MessageFormat _format;
    private readonly Action<Channel, Message> _received;
    private readonly Action<string> _log;
    private readonly Dictionary<Channel, NetMQSocket> _sockets;
    private readonly RouterSocket _heartbeat = new();
    private readonly NetMQQueue<(NetMQSocket Socket, IReadOnlyList<byte[]> Frames)> _outgoing = new();
    private readonly NetMQPoller _poller;

    /// <summary>Opens the sockets.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="received">Receives what arrives, on the thread of the sockets, which must not be kept waiting.</param>
    /// <param name="log">Receives complaints.</param>
    /// <exception cref="ConnectionException">An address is not there or taken.</exception>
    public Sockets(ConnectionFile connection, Action<Channel, Message> received, Action<string> log)
    {
        (_format, _received, _log) = (new(connection.Key), received, log);
        var (shell, control, stdin, iopub) = (new RouterSocket(), new RouterSocket(), new RouterSocket(), new PublisherSocket());
        _sockets = new() { [Channel.Shell] = shell, [Channel.Control] = control, [Channel.Stdin] = stdin, [Channel.Iopub] = iopub };
        // Nothing shown is dropped because much is shown at once.
        iopub.Options.SendHighWatermark = 0;
        try
        {
            Bind(shell, connection.ShellPort);
            Bind(control, connection.ControlPort);
            Bind(stdin, connection.StdinPort);
            Bind(iopub, connection.IopubPort);
            Bind(_heartbeat, connection.HeartbeatPort);
        }
        catch
        {
            DisposeSockets();
            throw;
        }

        foreach (var (channel, socket) in _sockets.Where(entry => entry.Key != Channel.Iopub))
        {
            socket.ReceiveReady += (_, _) => Receive(channel, socket);
        }

        _heartbeat.ReceiveReady += (_, _) => _heartbeat.TrySendMultipartBytes(_heartbeat.ReceiveMultipartBytes());
        _outgoing.ReceiveReady += (_, _) => SendAll();
        _poller = [shell, control, stdin, _heartbeat, _outgoing];
        _poller.RunAsync("Jupyter sockets", isBackgroundThread: true);

        void Bind(NetMQSocket socket, int port)
        {
            socket.Options.MaxMsgSize = LargestFrame;
            socket.Options.Linger = TimeSpan.FromSeconds(1);
            if (socket is RouterSocket router)
            {
                // A client that comes back under its old name is the client.
                router.Options.RouterHandover = true;
            }

            var address = $"tcp://{(connection.Ip.Contains(':') ? $"[{connection.Ip}]" : connection.Ip)}:{port}";
            try
            {
                socket.Bind(address);
            }
            catch (Exception e) when (e is NetMQException or System.Net.Sockets.SocketException or ArgumentException)
            {
                throw new ConnectionException($"The kernel cannot listen at {address}: {e.Message}");
            }
        }
    }

    /// <summary>Sends a message; from any thread.</summary>
    public void Send(Channel channel, Message message) => _outgoing.Enqueue((_sockets[channel], _format.Write(message)));

    /// <summary>Sends what is still to be sent, and closes the sockets.</summary>
    public void Dispose()
    {
        _poller.Stop();
        SendAll();
        _poller.Dispose();
        DisposeSockets();
    }

    private void DisposeSockets()
    {
        foreach (var socket in _sockets.Values.Append(_heartbeat))
        {
            socket.Dispose();
        }

        _outgoing.Dispose();
    }

    private void Receive(Channel channel, NetMQSocket socket)
    {
        try
        {
            _received(channel, _format.Read(socket.ReceiveMultipartBytes()));
        }
        catch (BadMessageException e)
        {
            _log($"A message on the {channel} channel is dropped: {e.Message}.");
        }
    }

    private void SendAll()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
        {
            // A client that is gone gets nothing; no one waits for it.
            next.Socket.TrySendMultipartBytes(next.Frames);
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Backprop.Notebooks.Live;

/// <summary>Serves live pages of notebooks to browsers on this machine.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly Gate _gate;
    private readonly WebApplication _application;
    private readonly List<Entry> _entries;

    private LiveServer(IReadOnlyList<string> paths, int port, TimeSpan patience)
    {
        _gate = new(port);
        _entries = [.. paths.Zip(NotebookFiles.Names(paths), (path, name) => Entry.Open(path, name + ".ipynb", patience))];
        Address = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        _application.Run(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>The notebooks, as far as they could be read.</summary>
    public IReadOnlyList<LiveNotebook> Notebooks => [.. _entries.Select(entry => entry.Live).OfType<LiveNotebook>()];

    /// <summary>Starts to serve.</summary>
    /// <param name="paths">The notebooks.</param>
    /// <param name="port">The port; null for one that is free, the usual one if it is.</param>
    /// <param name="patience">How long a session stays after its last tab is closed.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<LiveServer> StartAsync(IReadOnlyList<string> paths, int? port, TimeSpan patience)
    {
        for (var tries = 1; ; tries++)
        {
            var server = new LiveServer(paths, port ?? FreePort(), patience);
            try
            {
                await server._application.StartAsync();
                return server;
            }
            catch (IOException) when (port is null && tries < 5)
            {
                // Another one that starts at the same moment took it.
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>The address to open first: it lets the browser in.</summary>
    /// <param name="path">The notebook to show; null for the list of all.</param>
    public string Opening(string? path)
    {
        var entry = path is null ? null : _entries.Find(entry => entry.Path == Path.GetFullPath(path));
        return $"{Address}/{(entry is null ? "" : Uri.EscapeDataString(entry.File))}?token={_gate.Token}";
    }

    /// <summary>Gets going what the first page needs, while the browser starts.</summary>
    /// <param name="path">The notebook to show; null for the list of all.</param>
    public void WarmUp(string? path)
    {
        var live = path is null ? Notebooks.FirstOrDefault() : _entries.Find(entry => entry.Path == Path.GetFullPath(path))?.Live;
        _ = Task.Run(() => live?.Page(null, null, Assets.Address, isRead: path is not null));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var notebook in Notebooks)
        {
            notebook.Dispose();
        }

        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    // Cookies, and what browsers remember of a page, go by the address: it is the same every time if that can be had.
    private static int FreePort()
    {
        foreach (var port in new[] { OpenCommand.UsualPort, 0 })
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Another one, then.
            }
        }

        throw new IOException("No port is free.");
    }

    private async Task ServeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // A page that another one has opened gives that one no way in.
        headers["Cross-Origin-Opener-Policy"] = "noopener-allow-popups";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";
        if (_gate.Admit(context))
        {
            return;
        }

        if (_gate.Refusal(context) is { } refusal)
        {
            await SayAsync(context, HttpStatusCode.Forbidden, refusal);
            return;
        }

        var path = context.Request.Path.Value!.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (first, rest) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        if (context.WebSockets.IsWebSocketRequest != (rest == "socket") || (rest != "socket" && !HttpMethods.IsGet(context.Request.Method)))
        {
            await SayAsync(context, HttpStatusCode.NotFound, "There is nothing here.");
        }
        else if (first == "assets" && rest.IndexOf('/', StringComparison.Ordinal) is > 0 and var end && Assets.Find(rest[(end + 1)..]) is { } asset)
        {
            headers.CacheControl = "private, max-age=31536000, immutable";
            context.Response.ContentType = asset.Type;
            await context.Response.Body.WriteAsync(asset.Content, context.RequestAborted);
        }
        else if (path.Length == 0)
        {
            await WriteAsync(context, "text/html", LivePage.Index(Contents.About(_entries[0].Path), _entries.Select(entry => entry.Item())));
        }
        else if (_entries.FindIndex(entry => entry.File == first) is >= 0 and var index)
        {
            await ServeAsync(context, index, rest);
        }
        else
        {
            await SayAsync(context, HttpStatusCode.NotFound, "There is no such notebook here.");
        }
    }

    private async Task ServeAsync(HttpContext context, int index, string what)
    {
        var entry = _entries[index];
        if (entry.Live is not { } live)
        {
            await SayAsync(context, HttpStatusCode.NotFound, entry.Problem!);
            return;
        }

        switch (what)
        {
            case "" when !Gate.IsOpenedByReader(context.Request):
                await SayAsync(context, HttpStatusCode.Forbidden, "Notebooks are opened by their readers, not by scripts.");
                break;
            case "":
                var page = live.Page(Link(index - 1), Link(index + 1), Assets.Address);
                await WriteAsync(context, "text/html", page.Replace(LivePage.Here, $"http://{context.Request.Host.Value}/{Uri.EscapeDataString(entry.File)}", StringComparison.Ordinal));
                break;
            case "script":
                var address = context.Request.Query["address"].ToString();
                if (await live.ScriptAsync(address, context.RequestAborted) is { } script)
                {
                    context.Response.Headers.CacheControl = "private, max-age=86400";
                    await WriteAsync(context, "text/javascript", script);
                }
                else if (address.StartsWith("https://", StringComparison.Ordinal))
                {
                    // No library has it: the page fetches it as it would have done.
                    context.Response.Redirect(address);
                }
                else
                {
                    await SayAsync(context, HttpStatusCode.NotFound, "There is no such script.");
                }

                break;
            case "socket" when context.Request.Query["ticket"] == live.Ticket:
                using (var socket = await context.WebSockets.AcceptWebSocketAsync())
                {
                    await live.ServeAsync(new(socket), _application.Lifetime.ApplicationStopping);
                }

                break;
            case "socket":
                await SayAsync(context, HttpStatusCode.Forbidden, "This page is of another server. Load it anew.");
                break;
            default:
                await SayAsync(context, HttpStatusCode.NotFound, "There is nothing here.");
                break;
        }
    }

    private PageLink? Link(int index) => index >= 0 && index < _entries.Count && _entries[index].Live is not null ? new(_entries[index].File, _entries[index].Title) : null;

    private static Task SayAsync(HttpContext context, HttpStatusCode status, string sentence)
    {
        context.Response.StatusCode = (int)status;
        return WriteAsync(context, "text/html", LivePage.Sentence(sentence));
    }

    private static async Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type + "; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>A notebook that was asked for: alive, or with what is wrong with it.</summary>
    private sealed record Entry(string Path, string File, LiveNotebook? Live, string? Problem)
    {
        public string Title => Live?.Title ?? File;

        public string Item() => Live?.Item("/" + Uri.EscapeDataString(File)) ?? Contents.Item(File, Problem!);

        public static Entry Open(string path, string file, TimeSpan patience)
        {
            var full = System.IO.Path.GetFullPath(path);
            try
            {
                return new(full, file, new(Notebook.Load(full), patience), null);
            }
            catch (UnreadableNotebookException e)
            {
                return new(full, file, null, e.Message);
            }
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Backprop.Notebooks.Live;

/// <summary>
/// Lets in who was given the address with the token, and no one else: a page from elsewhere that is open in the same
/// browser could otherwise run code here.
/// </summary>
/// <param name="port">The port that the server listens at.</param>
internal sealed class Gate(int port)
{
    private readonly string[] _hosts = [$"127.0.0.1:{port}", $"localhost:{port}", $"[::1]:{port}"];

    /// <summary>Stands in the address that is opened first; the browser then keeps it as a cookie that no script can read.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    // Cookies are the same for all ports of a host.
    private string Cookie => $"backprop-{port}";

    /// <summary>Why a request is refused; null where it is not.</summary>
    public string? Refusal(HttpContext context)
    {
        var request = context.Request;
        // A foreign name that leads here is another site to the browser, which would let it read the answer.
        if (!_hosts.Contains(request.Host.Value, StringComparer.OrdinalIgnoreCase))
        {
            return $"This server answers to http://{_hosts[0]} only.";
        }

        var origin = request.Headers.Origin.ToString();
        if ((origin.Length > 0 || context.WebSockets.IsWebSocketRequest) && !_hosts.Any(host => string.Equals(origin, $"http://{host}", StringComparison.OrdinalIgnoreCase)))
        {
            return "Other sites may not use this server.";
        }

        return IsToken(request.Cookies[Cookie]) ? null : "Open the address that the command has printed: it lets this browser in.";
    }

    /// <summary>Takes the token out of an address that has it: the browser is let in, and goes on to the address without it.</summary>
    public bool Admit(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || !IsToken(context.Request.Query["token"]) || !_hosts.Contains(context.Request.Host.Value, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        context.Response.Cookies.Append(Cookie, Token, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        context.Response.Headers.Location = context.Request.Path.ToUriComponent();
        context.Response.StatusCode = (int)HttpStatusCode.Found;
        return true;
    }

    /// <summary>Whether a page is asked for by the reader, and not by a script of another page, which could read it then.</summary>
    public static bool IsOpenedByReader(HttpRequest request) => request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    private bool IsToken(string? text) =>
        text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(Token));
}

using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>Who may use a server of live pages: a page that runs code on this machine.</summary>
[Collection(SideBySide.InThisProcess)]
public class GateTests(LiveServing serving) : IClassFixture<LiveServing>, IDisposable
{
    private const string Page = "/state-is-carried.ipynb";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = serving.Address };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData(Page)]
    [InlineData(Page + "/script?address=https://example.org/a.js")]
    [InlineData("/assets/1/live.js")]
    public async Task Without_the_token_nothing_is_served(string path)
    {
        var answer = await GetAsync(path, cookie: null);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Open the address that the command has printed", await TextAsync(answer));
    }

    [Fact]
    public async Task A_wrong_token_does_not_let_in()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/?token=" + new string('0', 64), cookie: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/", cookie: serving.Cookie[..^1])).StatusCode);
    }

    [Fact]
    public async Task The_token_becomes_a_cookie_that_no_script_can_read_and_leaves_the_address()
    {
        var answer = await GetAsync($"{Page}?token={serving.Token}", cookie: null);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(Page, answer.Headers.Location!.ToString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Page, cookie.Split(';')[0])).StatusCode);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.example.org:80")]
    public async Task A_foreign_host_is_refused(string host)
    {
        var answer = await GetAsync("/", serving.Cookie, ("Host", host));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_foreign_host_is_not_let_in_by_the_token() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/?token=" + serving.Token, cookie: null, ("Host", "example.org"))).StatusCode);

    [Theory]
    [InlineData("https://example.org")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_request_of_a_foreign_origin_is_refused(string origin)
    {
        var answer = await GetAsync(Page, serving.Cookie, ("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/no-such.ipynb")]
    [InlineData("/../state-is-carried.ipynb/x")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/assets/1/../../../../../etc/passwd")]
    [InlineData("/assets/1/monaco/..%2f..%2fBackprop.Notebooks.dll")]
    [InlineData("/assets/1/monaco/%2e%2e/Backprop.Notebooks.dll")]
    [InlineData(Page + "/socket")]
    public async Task Paths_lead_nowhere_but_to_the_notebooks(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path, serving.Cookie)).StatusCode);

    [Fact]
    public async Task A_page_is_given_to_readers_but_not_to_scripts_of_another_page()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(Page, serving.Cookie, ("Sec-Fetch-Dest", "empty"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(Page, serving.Cookie, ("Sec-Fetch-Dest", "iframe"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Page, serving.Cookie, ("Sec-Fetch-Dest", "document"))).StatusCode);
    }

    [Fact]
    public async Task A_notebook_that_cannot_be_read_is_named_in_the_list_with_the_reason()
    {
        var list = await TextAsync(await GetAsync("/", serving.Cookie));

        Assert.Contains("not-json.ipynb", list);
        Assert.Contains("it is not JSON", list);
        Assert.Contains($"href=\"{Page}\"", list);
    }

    [Fact]
    public async Task A_socket_needs_the_cookie_the_origin_and_the_ticket_of_its_page()
    {
        var page = await TextAsync(await GetAsync(Page, serving.Cookie));
        var ticket = Regex.Match(page, "data-ticket=\"([0-9a-f]+)\"").Groups[1].Value;
        var other = Regex.Match(await TextAsync(await GetAsync("/parameters.ipynb", serving.Cookie)), "data-ticket=\"([0-9a-f]+)\"").Groups[1].Value;
        var own = serving.Address.GetLeftPart(UriPartial.Authority);

        Assert.True(await OpensAsync(ticket, own, serving.Cookie));
        Assert.False(await OpensAsync(ticket, own, cookie: null));
        Assert.False(await OpensAsync(ticket, "https://example.org", serving.Cookie));
        Assert.False(await OpensAsync(ticket, origin: null, serving.Cookie));
        Assert.False(await OpensAsync("", own, serving.Cookie));
        Assert.False(await OpensAsync(other, own, serving.Cookie));
    }

    private async Task<bool> OpensAsync(string ticket, string? origin, string? cookie)
    {
        using var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (cookie is not null)
        {
            socket.Options.SetRequestHeader("Cookie", cookie);
        }

        try
        {
            await socket.ConnectAsync(new($"ws://{serving.Address.Authority}{Page}/socket?ticket={ticket}"), TestContext.Current.CancellationToken);
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? cookie, params (string Name, string Value)[] headers)
    {
        var address = new Uri(serving.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}

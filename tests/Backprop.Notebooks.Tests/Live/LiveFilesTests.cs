using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Live;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>What a live page and the notebook's file do to each other, message by message.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class LiveFilesTests : IDisposable
{
    private readonly string _drafts = Directory.CreateTempSubdirectory("drafts ").FullName;
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("note books ").FullName, "cells.ipynb");

    public LiveFilesTests() => Environment.SetEnvironmentVariable("BACKPROP_DRAFTS", _drafts);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("BACKPROP_DRAFTS", null);
        Directory.Delete(_drafts, recursive: true);
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public async Task A_cell_that_is_started_over_while_it_runs_is_stopped_and_the_notebook_goes_on()
    {
        Write(("aa", "1"), ("bb", "\"fine\""));
        await using var server = await StartAsync();
        using var page = await PageAsync(server);

        await page.SendAsync(("do", "edit"), ("cell", "aa"), ("source", "while (true) { Console.WriteLine(1); System.Threading.Thread.Sleep(20); }"));
        await page.SendAsync(("do", "run"), ("cell", "aa"));
        await page.UntilAsync(message => message.Text("is") == "output");
        await page.SendAsync(("do", "start-over"), ("cell", "aa"));
        await page.SendAsync(("do", "run"), ("cell", "bb"));

        var output = await page.UntilAsync(message => message.Text("is") == "output" && message.Text("cell") == "bb");
        Assert.Contains("fine", output.Text("html"));
    }

    [Fact]
    public async Task What_needs_a_cell_that_failed_runs_it_again_first_and_does_not_run_when_it_fails_again()
    {
        Write(("aa", "var isReady = false;"), ("bb", "var x = isReady ? 5 : throw new Exception(\"not ready\");"), ("cc", "x + 1"));
        await using var server = await StartAsync();
        using var page = await PageAsync(server);
        await page.SendAsync(("do", "run-all"));
        await page.UntilAsync(message => message.Text("notice") == "Cell 2 has failed, and what needs it does not run.");

        // Its x is there, and 0.
        await page.SendAsync(("do", "run"), ("cell", "cc"));
        await page.UntilAsync(message => message.Text("is") == "begin" && message.Text("cell") == "bb");
        await page.UntilAsync(message => message.Text("notice") == "Cell 2 has failed, and what needs it does not run.");
        await page.SendAsync(("do", "edit"), ("cell", "aa"), ("source", "var isReady = true;"));
        await page.SendAsync(("do", "run"), ("cell", "cc"));

        var output = await page.UntilAsync(message => message.Text("is") == "output" && message.Text("cell") == "cc");
        Assert.Contains(">6<", output.Text("html"));
    }

    [Fact]
    public async Task A_draft_of_a_cell_that_was_changed_in_the_file_meanwhile_is_not_saved_over_it_unasked()
    {
        Write(("aa", "var h = 1;"));
        await using (var server = await StartAsync())
        {
            using var page = await PageAsync(server);
            await page.SendAsync(("do", "edit"), ("cell", "aa"), ("source", "var h = 2;"));
            await page.UntilAsync(message => message["changed"]?.ToJsonString() == "true");
        }

        Write(("aa", "var h = 1; var k = 3;"));
        var changed = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);
        await using var again = await StartAsync();
        using var other = await PageAsync(again);
        await other.SendAsync(("do", "hello"));
        await other.UntilAsync(message => message.Text("notice")?.StartsWith("Cell 1 was changed in the file", StringComparison.Ordinal) == true);
        await other.SendAsync(("do", "save"));
        await other.UntilAsync(message => message.Text("is") == "conflict");
        Assert.Equal(changed, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));

        await other.SendAsync(("do", "reload"));
        await other.UntilAsync(message => message.Text("is") == "renewed");
        await other.SendAsync(("do", "save"));
        await other.UntilAsync(message => message.Text("notice")?.StartsWith("Saved", StringComparison.Ordinal) == true);
        Assert.Equal("var h = 1; var k = 3;", Notebook.Load(_file).CodeCells[0].Source);
    }

    [Fact]
    public async Task Cells_without_ids_get_the_drafts_that_were_typed_over_their_text()
    {
        Write((null, "var a = 1;"), (null, "a"));
        await using (var server = await StartAsync())
        {
            using var page = await PageAsync(server);
            await page.SendAsync(("do", "edit"), ("cell", "cell-2"), ("source", "a * 100"));
            await page.UntilAsync(message => message["changed"]?.ToJsonString() == "true");
        }

        Write((null, "// new"), (null, "var a = 1;"), (null, "a"));
        await using var again = await StartAsync();
        using var other = await PageAsync(again);

        Assert.Equal(["// new", "var a = 1;", "a * 100"], await other.CodeAsync());
    }

    [Fact]
    public async Task A_cell_that_the_repository_does_not_know_starts_over_as_its_file_has_it()
    {
        Write(("aa", "var a = 1;"), ("bb", "var b = 2;"));
        await using (var server = await StartAsync())
        {
            // The first saving keeps what was there.
            using var page = await PageAsync(server);
            await page.SendAsync(("do", "save"));
            await page.UntilAsync(message => message.Text("notice")?.StartsWith("Saved", StringComparison.Ordinal) == true);
        }

        Write(("aa", "var a = 1;"), ("mine", "var mine = 42;"), ("bb", "var b = 2;"));
        await using var again = await StartAsync();
        using var other = await PageAsync(again);
        await other.SendAsync(("do", "edit"), ("cell", "mine"), ("source", "var mine = 43;"));
        await other.SendAsync(("do", "start-over"), ("cell", "mine"));
        await other.UntilAsync(message => message.Text("is") == "cells");

        Assert.Equal(["var a = 1;", "var mine = 42;", "var b = 2;"], await other.CodeAsync());
    }

    [Fact]
    public async Task Two_cells_with_the_same_id_are_two_cells()
    {
        Write(("aa", "1"), ("aa", "2"));
        await using var server = await StartAsync();
        using var page = await PageAsync(server);
        await page.SendAsync(("do", "hello"));

        var cells = await page.UntilAsync(message => message.Text("is") == "cells");

        Assert.Equal(["aa", "cell-2"], ((JsonArray)cells["known"]!).Select(id => (string?)id));
    }

    private Task<LiveServer> StartAsync() => LiveServer.StartAsync([_file], null, TimeSpan.FromMinutes(1));

    private void Write(params (string? Id, string Source)[] cells) => File.WriteAllText(_file, new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(cell =>
        {
            var json = new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = cell.Source };
            if (cell.Id is not null)
            {
                json["id"] = cell.Id;
            }

            return (JsonNode)json;
        })]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 4,
    }.ToJsonString());

    private static async Task<LivePageClient> PageAsync(LiveServer server)
    {
        var page = new LivePageClient(server);
        await page.OpenAsync();
        return page;
    }

    /// <summary>What a page does, without a browser.</summary>
    private sealed class LivePageClient(LiveServer server) : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly HttpClient _client = new() { BaseAddress = new(server.Address) };

        public async Task OpenAsync()
        {
            var page = await TextAsync();
            var authority = new Uri(server.Address).Authority;
            _socket.Options.SetRequestHeader("Origin", server.Address);
            _socket.Options.SetRequestHeader("Cookie", $"backprop-{new Uri(server.Address).Port}={server.Opening(null).Split("token=")[1]}");
            await _socket.ConnectAsync(new($"ws://{authority}/cells.ipynb/socket?ticket={Regex.Match(page, "data-ticket=\"([0-9a-f]+)\"").Groups[1].Value}"), TestContext.Current.CancellationToken);
        }

        public async Task<IEnumerable<string>> CodeAsync() =>
            Regex.Matches(await TextAsync(), "<pre class=\"code\"[^>]*><code>(.*?)</code>").Select(code => Regex.Replace(code.Groups[1].Value, "<[^>]*>", ""));

        public async Task SendAsync(params (string Name, string Value)[] message) => await _socket.SendAsync(
            Encoding.UTF8.GetBytes(new JsonObject(message.Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)entry.Value))).ToJsonString()), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

        public async Task<JsonObject> UntilAsync(Func<JsonObject, bool> isIt)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            var buffer = new byte[1 << 20];
            while (true)
            {
                var length = 0;
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), patience.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (Json.TryParse(Encoding.UTF8.GetString(buffer, 0, length)) is JsonObject message && isIt(message))
                {
                    return message;
                }
            }
        }

        public void Dispose()
        {
            _socket.Dispose();
            _client.Dispose();
        }

        private Task<string> TextAsync() =>
            _client.GetStringAsync($"/cells.ipynb?token={server.Opening(null).Split("token=")[1]}", TestContext.Current.CancellationToken);
    }
}

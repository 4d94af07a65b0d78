using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>The kernel, message by message.</summary>
public sealed class KernelProtocolTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    private readonly KernelClient _client = kernel.Client;

    [Fact]
    public void The_kernel_says_what_it_is_and_which_protocol_it_speaks()
    {
        var info = _client.Ask("kernel_info_request", []).Reply;

        Assert.Equal("5.3", info.Text("protocol_version"));
        Assert.Equal("csharp", info.Text("language_info", "name"));
        Assert.Equal(".cs", info.Text("language_info", "file_extension"));
    }

    [Fact]
    public void A_cell_is_announced_shown_and_answered_in_order()
    {
        var answer = _client.Run("Console.WriteLine(\"out\"); Console.Error.WriteLine(\"err\"); \"shown\".Display(); 6 * 7");

        Assert.Equal(["status", "execute_input", "stream", "stream", "display_data", "execute_result", "status"], answer.Types);
        Assert.Equal("ok", answer.Status);
        Assert.Equal("42", answer.Result);
        Assert.Equal((int?)answer.Reply["execution_count"], (int?)answer.Content("execute_result")["execution_count"]);
        Assert.Equal(["stdout", "stderr"], answer.Shown.Where(message => message.Type == "stream").Select(message => message.Content.Text("name")));
    }

    [Fact]
    public void An_update_names_the_display_that_it_changes()
    {
        var answer = _client.Run("var shown = \"one\".Display(); shown.Update(\"two\");");

        Assert.Equal("one", answer.Content("display_data").Text("data", "text/plain"));
        Assert.Equal("two", answer.Content("update_display_data").Text("data", "text/plain"));
        Assert.NotNull(answer.Content("display_data").Text("transient", "display_id"));
        Assert.Equal(answer.Content("display_data").Text("transient", "display_id"), answer.Content("update_display_data").Text("transient", "display_id"));
    }

    [Fact]
    public void Json_is_sent_as_json_and_not_as_text()
    {
        var answer = _client.Run("\"{\\\"a\\\": [1, 2]}\".DisplayAs(\"application/json\");");

        Assert.Equal("""{"a":[1,2]}""", answer.Content("display_data")["data"]!["application/json"]!.ToJsonString());
    }

    [Fact]
    public void A_silent_cell_shows_nothing_and_is_not_counted()
    {
        var before = (int)_client.Run("1").Reply["execution_count"]!;

        var answer = _client.Run("Console.WriteLine(1); 2", new() { ["silent"] = true });

        Assert.Equal(["status", "status"], answer.Types);
        Assert.Equal(before + 1, (int)_client.Run("1").Reply["execution_count"]!);
    }

    [Fact]
    public void A_cell_that_is_not_to_be_stored_is_shown_but_neither_counted_nor_remembered()
    {
        var before = (int)_client.Run("1").Reply["execution_count"]!;

        var answer = _client.Run("\"not stored\"", new() { ["store_history"] = false });

        Assert.Equal("not stored", answer.Result);
        Assert.Equal(before, (int)answer.Reply["execution_count"]!);
        Assert.Empty(History(new() { ["hist_access_type"] = "search", ["pattern"] = "*not stored*" }));
    }

    [Fact]
    public void An_error_names_the_line_in_the_colours_of_the_terminal()
    {
        var answer = _client.Run("Console.WriteLine(\"before\");\nint.Parse(\"x\");");

        Assert.Equal("error", answer.Status);
        Assert.Equal("FormatException", answer.Reply.Text("ename"));
        Assert.Equal(answer.Content("error").ToJsonString(), new JsonObject
        {
            ["ename"] = answer.Reply.Text("ename"),
            ["evalue"] = answer.Reply.Text("evalue"),
            ["traceback"] = answer.Reply["traceback"]!.DeepClone(),
        }.ToJsonString());
        var traceback = ((JsonArray)answer.Reply["traceback"]!).Select(line => (string)line!).ToList();
        Assert.StartsWith("\e[31mFormatException\e[39m: ", traceback[0]);
        Assert.Equal("  \e[36mline 2:\e[39m int.Parse(\"x\");", traceback[1]);
    }

    [Fact]
    public void Cells_sent_together_with_one_that_fails_are_not_run_unless_the_client_wants_them()
    {
        var ids = new[] { "throw new Exception(\"boom\");", "var ran = 1;" }.Select(code => _client.Start(code)).ToList();
        Assert.Equal(["error", "aborted"], ids.Select(id => _client.Answer(id).Status));
        Assert.Equal("error", _client.Run("ran").Status);

        ids = [_client.Start("throw new Exception(\"boom\");", new() { ["stop_on_error"] = false }), _client.Start("var ran = 1;")];
        Assert.Equal(["error", "ok"], ids.Select(id => _client.Answer(id).Status));

        // A client's own question, of which the user knows nothing.
        ids = [_client.Start("throw new Exception(\"boom\");", new() { ["silent"] = true }), _client.Start("var ran = 1;")];
        Assert.Equal(["error", "ok"], ids.Select(id => _client.Answer(id).Status));
    }

    [Fact]
    public void A_cell_sent_as_soon_as_the_failure_of_another_is_seen_runs()
    {
        _client.Start("throw new Exception(\"boom\");");
        Assert.NotNull(_client.Published("error"));

        Assert.Equal("2", _client.Run("1 + 1").Result);
    }

    [Fact]
    public void User_expressions_are_values_or_errors()
    {
        var answer = _client.Run("var x = 5;", new() { ["user_expressions"] = new JsonObject { ["double"] = "x * 2", ["wrong"] = "missing" } });

        Assert.Equal("10", answer.Reply.Text("user_expressions", "double", "data", "text/plain"));
        Assert.Equal("error", answer.Reply.Text("user_expressions", "wrong", "status"));
        Assert.DoesNotContain("execute_result", answer.Types);
    }

    [Fact]
    public void A_cell_that_reads_from_the_console_asks_the_user()
    {
        var id = _client.Start("Console.Write(\"Name? \"); var name = Console.ReadLine(); $\"Hello {name}\"");

        _client.WaitForQuestion(id);
        _client.Reply("Ada");

        Assert.Equal("Hello Ada", _client.Answer(id).Result);
    }

    [Fact]
    public void The_end_of_the_input_is_null_and_a_client_that_cannot_ask_is_an_error()
    {
        var id = _client.Start("Console.ReadLine() is null");
        _client.WaitForQuestion(id);
        _client.Reply("\u0004");
        Assert.Equal("True", _client.Answer(id).Result);

        Assert.Contains("cannot ask its user", _client.Run("Console.ReadLine()", new() { ["allow_stdin"] = false }).Error);
    }

    [Fact]
    public void What_a_task_prints_after_the_end_of_its_cell_belongs_to_its_cell()
    {
        var id = _client.Start("var later = Task.Run(async () => { await Task.Delay(300); Console.WriteLine(\"late\"); });");
        _client.Answer(id);

        Assert.Equal("late\n", _client.Published("stream")?.Text("text"));
    }

    [Fact]
    public void Ten_thousand_lines_arrive_whole_and_in_few_messages()
    {
        var answer = _client.Run("for (var i = 0; i < 10_000; i++) Console.WriteLine(i);");

        Assert.Equal(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i}\n")), answer.Text);
        Assert.InRange(answer.Types.Count(type => type == "stream"), 1, 200);
    }

    [Fact]
    public void Text_is_unicode_both_ways()
    {
        Assert.Equal("αβγ 😀 𝛿", _client.Run("var αβγ = \"αβγ 😀 𝛿\"; αβγ").Result);
    }

    [Fact]
    public void An_interrupt_while_nothing_runs_does_nothing()
    {
        Assert.Equal("ok", _client.Ask("interrupt_request", [], onControl: true).Status);
        Assert.Equal("2", _client.Run("1 + 1").Result);
    }

    [Fact]
    public void The_history_has_a_tail_ranges_and_a_search()
    {
        foreach (var code in new[] { "\"h-one\"", "\"h-two\"", "\"h-two\"" })
        {
            _client.Run(code);
        }

        var tail = History(new() { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = true });
        Assert.Equal(["[\"\\u0022h-two\\u0022\",\"h-two\"]", "[\"\\u0022h-two\\u0022\",\"h-two\"]"], tail.Select(entry => entry[2]!.ToJsonString()));
        var number = (int)tail[0][1]!;
        var range = History(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = number - 1, ["stop"] = number });
        Assert.Equal("\"h-one\"", (string?)Assert.Single(range)[2]);
        Assert.Single(History(new() { ["hist_access_type"] = "search", ["pattern"] = "*h-two*", ["unique"] = true }));
        Assert.Equal(2, History(new() { ["hist_access_type"] = "search", ["pattern"] = "*h-*", ["n"] = 2 }).Count);
    }

    [Fact]
    public void There_are_no_comms_and_one_that_is_opened_is_closed()
    {
        Assert.Empty((JsonObject)_client.Ask("comm_info_request", []).Reply["comms"]!);

        _client.Send("comm_open", new() { ["comm_id"] = "widget", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() });
        Assert.Equal("widget", _client.Published("comm_close")?.Text("comm_id"));
    }

    [Fact]
    public void A_request_without_code_is_an_error_and_the_next_one_is_answered()
    {
        Assert.Equal("error", _client.Ask("execute_request", []).Status);
        Assert.Equal("error", _client.Ask("execute_request", new() { ["code"] = 1 }).Status);
        Assert.Equal("2", _client.Run("1 + 1").Result);
    }

    [Fact]
    public void A_wrong_signature_is_dropped_and_logged()
    {
        var frames = _client.FramesOf("execute_request", new() { ["code"] = "var forged = 1;" });
        frames[1] = "00"u8.ToArray();

        _client.SendFrames(onControl: false, frames);

        Assert.Equal("error", _client.Run("forged").Status);
        Assert.Contains("its signature is wrong", kernel.Process.LogText);
    }

    private List<JsonNode> History(JsonObject request) => [.. ((JsonArray)_client.Ask("history_request", request).Reply["history"]!).Select(entry => entry!)];
}

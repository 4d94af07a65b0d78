using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks;

/// <summary>
/// A process of its own that runs one notebook after the other, while others run others: working directory, console and
/// formatters belong to a process. Orders go in and news come out, each a line of JSON.
/// </summary>
internal sealed class Worker : IDisposable
{
    private Process _process = Start();
    private Task<string> _said;

    /// <summary>Starts a process, which gets the compiler going at once.</summary>
    public Worker() => _said = _process.StandardError.ReadToEndAsync();

    /// <summary>Runs a notebook.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="cellStarting">Is told the number of each cell and how many there are.</param>
    /// <param name="cancellationToken">Stops the cell that is running; the result tells what was done.</param>
    public async Task<JobResult> RunAsync(JobOrder order, Action<int, int> cellStarting, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
            await _process.StandardInput.FlushAsync(CancellationToken.None);
            await using var stop = cancellationToken.Register(_process.StandardInput.Close);
            while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                // Anything else was written by a cell past the console, or by a process that it started.
                if (WorkerNews.Read(line) is { } news)
                {
                    if (news.Result is { } result)
                    {
                        return result;
                    }

                    cellStarting(news.Cell, news.Count);
                }
            }
        }
        catch (IOException)
        {
            // It has ended, perhaps in the middle of a line.
        }

        // The cell has ended the process; the next notebook gets a new one.
        await _process.WaitForExitAsync(CancellationToken.None);
        var (exitCode, said) = (_process.ExitCode, (await _said).Trim());
        _process.Dispose();
        _process = Start();
        _said = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        return new(
            new(order.Name, null, "", null, "ended the process", false),
            $"{order.Notebook}: a cell ended the process with exit code {exitCode}.\n{(said.Length > 0 ? said + "\n" : "")}");
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        _process.Dispose();
    }

    private static Process Start() => Process.Start(new ProcessStartInfo(DotNet.Command, [typeof(Worker).Assembly.Location, WorkerCommand.Name])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        StandardOutputEncoding = Encoding.UTF8,
    })!;
}

/// <summary>What a worker tells: a cell begins, or the notebook is done.</summary>
/// <param name="Cell">The cell's number.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Result">What came of the notebook.</param>
internal sealed record WorkerNews(int Cell = 0, int Count = 0, JobResult? Result = null)
{
    // Before it a process that a cell has started may have written something without ending the line.
    private const char Mark = '\u001E';

    /// <summary>What a line tells; null where it tells nothing.</summary>
    public static WorkerNews? Read(string line)
    {
        try
        {
            return line.LastIndexOf(Mark) is >= 0 and var mark ? JsonSerializer.Deserialize<WorkerNews>(line.AsSpan(mark + 1)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The line that tells it.</summary>
    public string Line() => Mark + JsonSerializer.Serialize(this);
}

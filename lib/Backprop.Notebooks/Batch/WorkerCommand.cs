using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks;

/// <summary>The other end of a <see cref="Worker"/>: reads orders until there are no more, and runs them.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    public static Command Create(CancellationToken cancellationToken)
    {
        var command = new Command(Name, "Runs the notebooks that it is told to; the command itself starts it.") { Hidden = true };
        command.SetAction((_, _) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Not the console's own, which the session's cells write to.
        using var news = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        using var orders = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        Console.SetOut(TextWriter.Null);
        await CSharpSession.WarmUpAsync();
        for (var line = await orders.ReadLineAsync(CancellationToken.None); line is not null && !stop.IsCancellationRequested;)
        {
            // The end of the orders while a notebook runs is the wish that it stop.
            var next = orders.ReadLineAsync(CancellationToken.None).AsTask();
            _ = StopAtEndAsync(next);
            var order = JsonSerializer.Deserialize<JobOrder>(line)!;
            var result = await order.RunAsync((cell, count) => Tell(new(cell, count)), stop.Token);
            Tell(new(Result: result));
            line = await next;
        }

        return 0;

        async Task StopAtEndAsync(Task<string?> next)
        {
            if (await next is null)
            {
                await stop.CancelAsync();
            }
        }

        void Tell(WorkerNews what)
        {
            lock (news)
            {
                news.WriteLine(what.Line());
            }
        }
    }
}

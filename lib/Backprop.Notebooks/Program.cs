using System.Runtime.InteropServices;
using Backprop.Notebooks;

using var stop = new CancellationTokenSource();
// The first Ctrl+C stops the cell and keeps what was done; a second one ends the process at once. A kernel stays.
using var interrupt = args is ["kernel", "run", ..] ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
// What a cell has left running does not keep the process.
Environment.Exit(await CommandLine.RunAsync(args, Console.Out, Console.Error, stop.Token));

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    _ = Task.Run(stop.Cancel);
}

using System.Runtime.InteropServices;
using Backprop.Notebooks;

if (args is ["kernel", "run", var file])
{
    await Backprop.Notebooks.Jupyter.JupyterKernel.RunAsync(file, Console.Error, CancellationToken.None);
    Environment.Exit(0);
}

using var stop = new CancellationTokenSource();
// The first Ctrl+C stops the cell and keeps what was done; a second one ends the process at once.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, Console.Out, Console.Error, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    _ = Task.Run(stop.Cancel);
}

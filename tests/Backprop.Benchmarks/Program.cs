using BenchmarkDotNet.Running;
using Backprop.Benchmarks;

if (args is ["compare", .. var rest])
{
    return await Comparison.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Comparison).Assembly).Run(args);
return 0;

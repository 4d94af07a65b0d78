using Backprop.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["compare", .. var rest])
{
    return await Comparison.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Comparison).Assembly).Run(args);
return 0;

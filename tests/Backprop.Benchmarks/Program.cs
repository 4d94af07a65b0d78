using System.Globalization;
using Backprop.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["compare", .. var rest])
{
    return await Comparison.RunAsync(rest);
}

if (args is ["live", .. var sessions])
{
    return await LivePages.RunAsync(sessions is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 20);
}

BenchmarkSwitcher.FromAssembly(typeof(Comparison).Assembly).Run(args);
return 0;

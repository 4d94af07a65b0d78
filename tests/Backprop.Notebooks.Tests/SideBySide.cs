// Classes without a collection of their own run side by side: what they test are other processes, pages and files.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections)]

namespace Backprop.Notebooks.Tests;

/// <summary>Which tests run one after the other.</summary>
public static class SideBySide
{
    /// <summary>Notebooks run in this process: the current directory, the console and the formatters are one for all of them.</summary>
    public const string InThisProcess = "in this process";

    /// <summary>Something must happen within a second, so nothing else runs.</summary>
    public const string Alone = "alone";

    /// <summary>Kernels of .NET Interactive, each of which keeps a processor busy.</summary>
    public const string PublishedKernel = "published kernel";

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;
}

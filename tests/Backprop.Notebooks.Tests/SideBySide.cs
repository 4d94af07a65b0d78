using Xunit.Sdk;
using Xunit.v3;

// Classes without a collection of their own run side by side: what they test are other processes, pages and files.
[assembly: Parallelization(Mode = ParallelMode.Collections)]
[assembly: TestCollectionOrderer(typeof(Backprop.Notebooks.Tests.SideBySide.LongestFirst))]

namespace Backprop.Notebooks.Tests;

/// <summary>Which tests run one after the other.</summary>
public static class SideBySide
{
    /// <summary>Notebooks run in this process: the current directory, the console and the formatters are one for all of them.</summary>
    public const string InThisProcess = "in this process";

    /// <summary>How long things take is compared, so nothing else runs.</summary>
    public const string Alone = "alone";

    /// <summary>Kernels of .NET Interactive, each of which keeps a processor busy.</summary>
    public const string PublishedKernel = "published kernel";

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;

    /// <summary>Begins with the longest, so that all processors have work until the end.</summary>
    public sealed class LongestFirst : ITestCollectionOrderer
    {
        private static readonly string[] s_longestLast =
        [
            nameof(Jupyter.KernelSoakTests),
            nameof(Live.LiveAccessTests),
            nameof(Lessons.LessonPagesTests),
            nameof(Jupyter.JupyterClientTests),
            nameof(Live.LivePagesTests),
            PublishedKernel,
            InThisProcess,
        ];

        public IReadOnlyCollection<TCollection> OrderTestCollections<TCollection>(IReadOnlyCollection<TCollection> testCollections)
            where TCollection : ITestCollection =>
            // All others are at -1.
            [.. testCollections.OrderByDescending(collection => Array.FindLastIndex(s_longestLast, collection.TestCollectionDisplayName.Contains))];
    }
}

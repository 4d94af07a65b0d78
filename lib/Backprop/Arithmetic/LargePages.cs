using System.Runtime.InteropServices;

namespace Backprop;

/// <summary>Pages of 2 MB for a large matrix, where the system is Linux and has them; NumPy asks for them, too.</summary>
/// <remarks>
/// Memory that a process has not had yet is mapped when it is first touched, page by page. In pages of 4 kB that takes
/// several times as long as the arithmetic of a loop that makes matrices of 80 MB. What is asked for is advice: it
/// changes no number, and a system that knows nothing of it does without.
/// </remarks>
internal static class LargePages
{
    private const int FromBytes = 1 << 22;
    private const int HugePage = 14; // MADV_HUGEPAGE of madvise(2)

    private static bool s_canAsk = OperatingSystem.IsLinux();

    /// <summary>Asks for them under an array that nothing has been written into yet.</summary>
    public static void AskFor(double[] numbers)
    {
        var length = (nint)numbers.Length * sizeof(double);
        if (length < FromBytes || !s_canAsk)
        {
            return;
        }

        // Not pinned: were the array moved meanwhile, other memory of this process would get the advice, and no harm.
        var wholePages = ~((nint)Environment.SystemPageSize - 1);
        var first = Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0) & wholePages;
        try
        {
            Advise(first, length & wholePages, HugePage);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            s_canAsk = false;
        }
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nint length, int advice);
}

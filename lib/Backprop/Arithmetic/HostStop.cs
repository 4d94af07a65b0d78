using System.Linq.Expressions;

namespace Backprop;

/// <summary>
/// Whether the reader has asked for the cell to be stopped, in a host that only says so and does not end the cell itself:
/// the kernel of .NET Interactive. It is found by its name, as the library is built without it; elsewhere the answer is
/// always no, and costs nothing.
/// </summary>
internal static class HostStop
{
    private static readonly Func<CancellationToken>? s_token = Find();

    /// <summary>The token of the cell that this thread belongs to.</summary>
    public static CancellationToken Token => s_token?.Invoke() ?? CancellationToken.None;

    /// <summary>Ends a loop that calls this now and then.</summary>
    /// <exception cref="OperationCanceledException">The cell is to be stopped.</exception>
    public static void ThrowIfAsked()
    {
        if (s_token is not null)
        {
            s_token().ThrowIfCancellationRequested();
        }
    }

    // () => KernelInvocationContext.Current is { } context ? context.CancellationToken : CancellationToken.None
    private static Func<CancellationToken>? Find()
    {
        if (Type.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext, Microsoft.DotNet.Interactive")?.GetProperty("Current") is not { } current
            || current.PropertyType.GetProperty("CancellationToken") is not { } token)
        {
            return null;
        }

        var context = Expression.Variable(current.PropertyType);
        return Expression.Lambda<Func<CancellationToken>>(Expression.Block(
            [context],
            Expression.Assign(context, Expression.Property(null, current)),
            Expression.Condition(
                Expression.ReferenceEqual(context, Expression.Constant(null)),
                Expression.Constant(CancellationToken.None),
                Expression.Property(context, token)))).Compile();
    }
}

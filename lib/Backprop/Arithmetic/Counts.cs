namespace Backprop;

/// <summary>A number from 0 to 4 that the compiler knows, so that each number of columns gets a loop of its own.</summary>
internal interface ICount
{
    static abstract int Count { get; }
}

internal readonly struct None : ICount
{
    public static int Count => 0;
}

internal readonly struct One : ICount
{
    public static int Count => 1;
}

internal readonly struct Two : ICount
{
    public static int Count => 2;
}

internal readonly struct Three : ICount
{
    public static int Count => 3;
}

internal readonly struct Four : ICount
{
    public static int Count => 4;
}

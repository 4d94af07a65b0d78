namespace Backprop;

/// <summary>A number from 1 to 4 that the compiler knows, so that each number of columns gets a loop of its own.</summary>
internal interface ITerms
{
    static abstract int Count { get; }
}

internal readonly struct One : ITerms
{
    public static int Count => 1;
}

internal readonly struct Two : ITerms
{
    public static int Count => 2;
}

internal readonly struct Three : ITerms
{
    public static int Count => 3;
}

internal readonly struct Four : ITerms
{
    public static int Count => 4;
}

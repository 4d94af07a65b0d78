namespace Backprop.Notebooks.Pages;

/// <summary>Letters in TeX's other alphabets, which Unicode has as characters of their own; of MathML's variants only <c>normal</c> is left in MathML Core.</summary>
internal static class TexAlphabets
{
    /// <summary>An ASCII letter or digit as the command shows it.</summary>
    public static string Letter(string command, char c) => command switch
    {
        "mathbb" => DoubleStruck(c),
        "mathcal" or "mathscr" => Script(c),
        "mathfrak" => Fraktur(c),
        _ => Bold(c),
    };

    private static string Bold(char c) => c switch
    {
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D400 + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D41A + c - 'a'),
        _ => char.ConvertFromUtf32(0x1D7CE + c - '0'),
    };

    private static string DoubleStruck(char c) => c switch
    {
        'C' => "ℂ",
        'H' => "ℍ",
        'N' => "ℕ",
        'P' => "ℙ",
        'Q' => "ℚ",
        'R' => "ℝ",
        'Z' => "ℤ",
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D538 + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D552 + c - 'a'),
        _ => char.ConvertFromUtf32(0x1D7D8 + c - '0'),
    };

    private static string Script(char c) => c switch
    {
        'B' => "ℬ",
        'E' => "ℰ",
        'F' => "ℱ",
        'H' => "ℋ",
        'I' => "ℐ",
        'L' => "ℒ",
        'M' => "ℳ",
        'R' => "ℛ",
        'e' => "ℯ",
        'g' => "ℊ",
        'o' => "ℴ",
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D49C + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D4B6 + c - 'a'),
        _ => c.ToString(),
    };

    private static string Fraktur(char c) => c switch
    {
        'C' => "ℭ",
        'H' => "ℌ",
        'I' => "ℑ",
        'R' => "ℜ",
        'Z' => "ℨ",
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D504 + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D51E + c - 'a'),
        _ => c.ToString(),
    };
}

namespace Backprop.Notebooks.Pages;

/// <summary>The style sheet that every page carries.</summary>
internal static class PageStyle
{
    public static string Css { get; } = Read();

    private static string Read()
    {
        using var reader = new StreamReader(typeof(PageStyle).Assembly.GetManifestResourceStream("PageStyle.css")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

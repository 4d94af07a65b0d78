using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>LaTeX that displays as what it stands for: <c>new LaTeXString("$E = m c^2$")</c>.</summary>
/// <param name="latexCode">The code, with its dollar signs.</param>
[TypeFormatterSource(typeof(LaTeXFormatters), PreferredMimeTypes = [LaTeXFormatters.Latex])]
public class LaTeXString(string latexCode)
{
    /// <summary>The code.</summary>
    public override string ToString() => latexCode;
}

/// <summary>A formula on a line of its own: <c>new MathString("E = m c^2")</c>.</summary>
/// <param name="latexCode">The formula, without dollar signs.</param>
[TypeFormatterSource(typeof(LaTeXFormatters), PreferredMimeTypes = [LaTeXFormatters.Latex])]
public sealed class MathString(string latexCode) : LaTeXString($"$${latexCode}$$");

/// <summary>How the registry of formatters is told.</summary>
internal sealed class LaTeXFormatters : ITypeFormatterSource
{
    public const string Latex = "text/latex";

    /// <inheritdoc/>
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new Formatter<LaTeXString>(), new Formatter<MathString>()];

    private sealed class Formatter<T> : TypeFormatter<T>
        where T : LaTeXString
    {
        public override string MimeType => Latex;

        public override bool Format(T value, FormatContext context)
        {
            context.Writer.Write(value.ToString());
            return true;
        }
    }
}

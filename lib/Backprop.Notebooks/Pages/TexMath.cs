using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Pages;

/// <summary>
/// The TeX that notebooks write, as MathML: fractions, roots, scripts, sums with limits, Greek, fonts, accents, matrices,
/// cases and aligned equations. A command that it does not know stands in the formula as text; what it cannot read at
/// all it leaves to the caller, who can show the source instead.
/// </summary>
internal static partial class TexMath
{
    /// <summary>The formula as a <c>math</c> element, or null when it cannot be read: a bracket or an argument is missing.</summary>
    /// <param name="tex">The source between the dollars.</param>
    /// <param name="display">True for a formula on a line of its own.</param>
    public static string? ToMathML(string tex, bool display)
    {
        try
        {
            var content = new Reader(tex, display).All();
            return display ? $"<math display=\"block\">{content}</math>" : $"<math>{content}</math>";
        }
        catch (UnknownTexException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\\[A-Za-z]+|\\.|[A-Za-z0-9]", RegexOptions.Singleline)]
    private static partial Regex CommandOrLetter();

    private sealed class UnknownTexException : Exception;

    // Recursive descent over the characters; each method reads one thing and returns its MathML.
    private sealed class Reader(string tex, bool display)
    {
        private int _at;
        private int _depth;

        public string All() => Row(() => _at >= tex.Length);

        // A notebook is text from anywhere: nesting without end must not end the process.
        private void Enter()
        {
            if (++_depth > 100)
            {
                throw new UnknownTexException();
            }
        }

        private string Row(Func<bool> isEnd)
        {
            Enter();
            var row = new StringBuilder("<mrow>");
            var last = "";
            for (SkipSpace(); !isEnd(); SkipSpace())
            {
                if (_at >= tex.Length)
                {
                    throw new UnknownTexException();
                }

                // {a \over b}, {n \choose k}: what stands before and what comes after.
                if (IsCommand("\\over") || IsCommand("\\choose"))
                {
                    var isFraction = CommandName() == "over";
                    var above = row.Append("</mrow>").ToString();
                    var below = Row(isEnd);
                    _depth--;
                    return isFraction ? $"<mfrac>{above}{below}</mfrac>" : Binomial(above, below);
                }

                // A sign with nothing to its left, or with a relation or an open bracket there, belongs to what follows.
                var isSign = tex[_at] is '-' or '+' && (last.Length == 0 || last.StartsWith("<mo>", StringComparison.Ordinal)
                    || last is "<mo stretchy=\"false\">(</mo>" or "<mo stretchy=\"false\">[</mo>");
                var isFunction = IsFunctionNext();
                last = WithScripts();
                row.Append(isSign && last.StartsWith("<mo>", StringComparison.Ordinal) ? $"<mo form=\"prefix\"{last[3..]}" : last);
                SkipSpace();
                if (isFunction && _at < tex.Length && (char.IsAsciiLetterOrDigit(tex[_at]) || (tex[_at] == '\\' && !IsCommand("\\left") && !IsCommand("\\right") && !Looking("\\\\"))))
                {
                    row.Append(Space("0.167"));
                }
            }

            _depth--;
            return row.Append("</mrow>").ToString();
        }

        private string WithScripts()
        {
            var (nucleus, takesLimits) = tex[_at] is '^' or '_' ? ("<mrow></mrow>", false) : Atom();
            string? below = null, above = null;
            for (SkipSpace(); _at < tex.Length; SkipSpace())
            {
                if (tex[_at] == '_' && below is null)
                {
                    _at++;
                    below = Argument();
                }
                else if (tex[_at] == '^' && above is null)
                {
                    _at++;
                    above = Argument();
                }
                else if (Looking("\\limits"))
                {
                    _at += "\\limits".Length;
                    takesLimits = true;
                }
                else if (Looking("\\nolimits"))
                {
                    _at += "\\nolimits".Length;
                    takesLimits = false;
                }
                else
                {
                    break;
                }
            }

            // Where no font for mathematics is, a ⊤ stands much higher than a number does. Over an index it has to.
            if (below is null && above is "<mi mathvariant=\"normal\">⊤</mi>")
            {
                above = $"<mpadded voffset=\"-0.2em\" height=\"0.5em\" depth=\"0\">{above}</mpadded>";
            }

            var isUnder = takesLimits && display;
            return (below, above) switch
            {
                (null, null) => nucleus,
                (not null, null) => isUnder ? $"<munder>{nucleus}{below}</munder>" : $"<msub>{nucleus}{below}</msub>",
                (null, not null) => isUnder ? $"<mover>{nucleus}{above}</mover>" : $"<msup>{nucleus}{above}</msup>",
                _ => isUnder ? $"<munderover>{nucleus}{below}{above}</munderover>" : $"<msubsup>{nucleus}{below}{above}</msubsup>",
            };
        }

        private (string MathML, bool TakesLimits) Atom()
        {
            var c = tex[_at];
            if (c == '{')
            {
                return (Group(), false);
            }

            if (c == '\\')
            {
                return Command();
            }

            if (char.IsAsciiDigit(c))
            {
                var start = _at;
                while (_at < tex.Length && (char.IsAsciiDigit(tex[_at]) || (tex[_at] == '.' && _at + 1 < tex.Length && char.IsAsciiDigit(tex[_at + 1]))))
                {
                    _at++;
                }

                return ($"<mn>{tex[start.._at]}</mn>", false);
            }

            _at++;
            return c switch
            {
                '~' => (Space("0.25"), false),
                '-' => (Operator("−"), false),
                '*' => (Operator("∗"), false),
                // A prime is as high as a script by itself. As a script it is tiny and too high where no font for mathematics is.
                '\'' => ("<mo lspace=\"0\" rspace=\"0\">′</mo>", false),
                '}' or '&' or '#' or '%' or '$' => throw new UnknownTexException(),
                '(' or ')' or '[' or ']' or '|' => (Fence(c.ToString(), stretchy: false), false),
                _ when char.IsLetter(c) => ($"<mi>{Encode(c.ToString())}</mi>", false),
                _ when char.IsSurrogate(c) => throw new UnknownTexException(),
                _ => (Operator(c.ToString()), false),
            };
        }

        private (string MathML, bool TakesLimits) Command()
        {
            var name = CommandName();
            if (TexSymbols.Letters.TryGetValue(name, out var letter))
            {
                return ($"<mi>{letter}</mi>", false);
            }

            if (TexSymbols.Upright.TryGetValue(name, out var upright))
            {
                return ($"<mi mathvariant=\"normal\">{upright}</mi>", false);
            }

            if (TexSymbols.Large.TryGetValue(name, out var large))
            {
                return ($"<mo largeop=\"{(display ? "true" : "false")}\" movablelimits=\"false\">{large}</mo>", true);
            }

            if (TexSymbols.Integrals.TryGetValue(name, out var integral))
            {
                return ($"<mo>{integral}</mo>", false);
            }

            if (TexSymbols.Operators.TryGetValue(name, out var symbol))
            {
                return (symbol is "{" or "}" or "|" or "‖" or "⟨" or "⟩" or "⌊" or "⌋" or "⌈" or "⌉" ? Fence(symbol, stretchy: false) : Operator(symbol), false);
            }

            if (TexSymbols.LimitFunctions.Contains(name) || TexSymbols.Functions.Contains(name))
            {
                return (Function(name), TexSymbols.LimitFunctions.Contains(name));
            }

            if (TexSymbols.Spaces.TryGetValue(name, out var width))
            {
                return (Space(width), false);
            }

            if (TexSymbols.Accents.TryGetValue(name, out var accent))
            {
                var stretchy = name is "widehat" or "widetilde" ? "true" : "false";
                return ($"<mover accent=\"true\">{Argument()}<mo stretchy=\"{stretchy}\">{accent}</mo></mover>", false);
            }

            return name switch
            {
                "frac" or "dfrac" or "tfrac" or "cfrac" => ($"<mfrac>{Argument()}{Argument()}</mfrac>", false),
                "binom" or "dbinom" or "tbinom" => (Binomial(Argument(), Argument()), false),
                "sqrt" => (Root(), false),
                "text" or "textrm" or "mbox" or "textnormal" => ($"<mtext>{Spaced(RawArgument())}</mtext>", false),
                "textbf" => ($"<mtext style=\"font-weight:bold\">{Spaced(RawArgument())}</mtext>", false),
                "textit" or "emph" => ($"<mtext style=\"font-style:italic\">{Spaced(RawArgument())}</mtext>", false),
                "texttt" or "mathtt" => ($"<mtext style=\"font-family:monospace\">{Spaced(RawArgument())}</mtext>", false),
                "mathrm" or "operatorname" or "mathsf" or "mathit" => (Named(name), false),
                "mathbf" or "boldsymbol" or "bm" or "mathbb" or "mathcal" or "mathscr" or "mathfrak" => (InAlphabet(name), false),
                "underbrace" => ($"<munder>{Argument()}<mo stretchy=\"true\">⏟</mo></munder>", true),
                "overbrace" => ($"<mover>{Argument()}<mo stretchy=\"true\">⏞</mo></mover>", true),
                "overrightarrow" => ($"<mover>{Argument()}<mo stretchy=\"true\">→</mo></mover>", false),
                "overleftarrow" => ($"<mover>{Argument()}<mo stretchy=\"true\">←</mo></mover>", false),
                "xrightarrow" => ($"<mover><mo stretchy=\"true\">→</mo>{Argument()}</mover>", false),
                "xleftarrow" => ($"<mover><mo stretchy=\"true\">←</mo>{Argument()}</mover>", false),
                // A stretched bar needs a font for mathematics, which not every computer has.
                "overline" => ($"<mrow style=\"border-top:1px solid;padding-top:0.1em\">{Argument()}</mrow>", false),
                "underline" => ($"<mrow style=\"border-bottom:1px solid;padding-bottom:0.1em\">{Argument()}</mrow>", false),
                "boxed" => ($"<mrow style=\"border:1px solid;padding:0.2em\">{Argument()}</mrow>", false),
                "cancel" => ($"<mrow style=\"text-decoration:line-through\">{Argument()}</mrow>", false),
                "phantom" => ($"<mphantom>{Argument()}</mphantom>", false),
                "mathrel" or "mathbin" or "mathop" or "mathord" or "mathopen" or "mathclose" => (Argument(), name == "mathop"),
                "substack" => (Substack(), false),
                "color" => (Uncoloured(RawArgument(), ""), false),
                "textcolor" => (Uncoloured(RawArgument(), Argument()), false),
                "hspace" or "mspace" => (Space(Length(RawArgument())), false),
                "overset" or "stackrel" => (Stacked("mover"), false),
                "underset" => (Stacked("munder"), false),
                "left" => (LeftRight(), false),
                "big" or "Big" or "bigg" or "Bigg" or "bigl" or "bigr" or "Bigl" or "Bigr" or "biggl" or "biggr" or "Biggl" or "Biggr" or "middle" => (Fence(Delimiter(), stretchy: true), false),
                "begin" => (Environment(RawArgument()), false),
                "displaystyle" or "textstyle" or "nonumber" or "notag" or "hline" => ("", false),
                "tag" => ($"<mtext>({Spaced(RawArgument())})</mtext>", false),
                "not" => (Negated(), false),
                "pmod" => ($"<mrow>{Space("1")}<mo>(</mo><mi>mod</mi>{Space("0.333")}{Argument()}<mo>)</mo></mrow>", false),
                "" or "right" or "end" or "\\" => throw new UnknownTexException(),
                _ => ($"<mtext>{Encode("\\" + name)}</mtext>", false),
            };
        }

        private string CommandName()
        {
            var start = ++_at;
            while (_at < tex.Length && char.IsAsciiLetter(tex[_at]))
            {
                _at++;
            }

            if (_at == start)
            {
                _at = Math.Min(_at + 1, tex.Length);
            }

            return tex[start.._at] is "\n" ? " " : tex[start.._at];
        }

        // {…}
        private string Group()
        {
            Expect('{');
            var content = Row(() => _at < tex.Length && tex[_at] == '}');
            Expect('}');
            return content;
        }

        // What a command or a script applies to: a group, or a single thing.
        private string Argument()
        {
            Enter();
            SkipSpace();
            var argument = _at >= tex.Length ? throw new UnknownTexException()
                : tex[_at] == '{' ? Group()
                : char.IsAsciiDigit(tex[_at]) ? $"<mn>{tex[_at++]}</mn>"
                : Atom().MathML;
            _depth--;
            return argument;
        }

        // {…} as text, not as mathematics.
        private string RawArgument()
        {
            SkipSpace();
            Expect('{');
            var start = _at;
            for (var depth = 1; ; _at++)
            {
                if (_at >= tex.Length)
                {
                    throw new UnknownTexException();
                }

                depth += tex[_at] switch { '{' => 1, '}' => -1, _ => 0 };
                if (depth == 0)
                {
                    break;
                }
            }

            return tex[start.._at++].Replace("\\_", "_").Replace("\\%", "%").Replace("\\&", "&").Replace("\\#", "#").Replace("\\$", "$");
        }

        // \mathbf{1}, \mathbf 1 or \mathbf \beta
        private string RawOrSingle() =>
            _at >= tex.Length ? throw new UnknownTexException()
            : tex[_at] == '{' ? RawArgument()
            : tex[_at] == '\\' ? "\\" + CommandName()
            : tex[_at++].ToString();

        private string Root()
        {
            SkipSpace();
            if (_at < tex.Length && tex[_at] == '[')
            {
                _at++;
                var index = Row(() => _at < tex.Length && tex[_at] == ']');
                Expect(']');
                return $"<mroot>{Argument()}{index}</mroot>";
            }

            return $"<msqrt>{Argument()}</msqrt>";
        }

        private string Named(string command)
        {
            SkipSpace();
            if (command == "operatorname" && _at < tex.Length && tex[_at] == '*')
            {
                _at++;
            }

            var text = RawOrSingle();
            if (text.Contains('\\'))
            {
                text = text.Replace("\\,", "\u2009").Replace("\\ ", "\u00a0");
                if (text.Contains('\\'))
                {
                    throw new UnknownTexException();
                }
            }

            return command switch
            {
                "operatorname" => Function(text),
                "mathit" => $"<mi style=\"font-style:italic\">{Encode(text)}</mi>",
                _ => $"<mi mathvariant=\"normal\">{Encode(text)}</mi>",
            };
        }

        // \mathbf{X}, \mathbb{R}: letters one by one, and whatever else the argument holds as it is.
        private string InAlphabet(string command)
        {
            SkipSpace();
            var raw = RawOrSingle();
            if (raw.Length > 0 && raw.All(char.IsAsciiLetterOrDigit))
            {
                var letters = string.Concat(raw.Select(c => TexAlphabets.Letter(command, c)));
                return raw.All(char.IsAsciiDigit) ? $"<mn>{letters}</mn>" : $"<mi mathvariant=\"normal\">{letters}</mi>";
            }

            if (raw.StartsWith('\\') && (TexSymbols.Letters.TryGetValue(raw[1..], out var symbol) || TexSymbols.Upright.TryGetValue(raw[1..], out symbol)))
            {
                return $"<mi style=\"font-weight:bold\">{symbol}</mi>";
            }

            var letterByLetter = CommandOrLetter().Replace(raw, match => match.Value[0] == '\\' ? match.Value : $"\\{command} {match.Value} ");
            return new Reader(letterByLetter, display) { _depth = _depth }.All();
        }

        private string Stacked(string element)
        {
            var script = Argument();
            return $"<{element}>{Argument()}{script}</{element}>";
        }

        private static string Binomial(string above, string below) => $"<mrow><mo>(</mo><mfrac linethickness=\"0\">{above}{below}</mfrac><mo>)</mo></mrow>";

        // Colours are left out: a page has a light and a dark side, and the author's may be seen on neither.
        private static string Uncoloured(string _, string content) => content;

        // 1em, 2.5ex, 3pt and the like; a page has no use for more than a number of em.
        private static string Length(string tex)
        {
            var unit = tex.Length > 2 ? tex[^2..] : "";
            return double.TryParse(tex[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? (number * (unit switch { "ex" => 0.43, "pt" => 0.1, "mm" => 0.28, "cm" => 2.8, "mu" => 1.0 / 18, _ => 1 })).ToString("0.###", CultureInfo.InvariantCulture)
                : "0";
        }

        // \substack{a \\ b}
        private string Substack()
        {
            Expect('{');
            var rows = new StringBuilder();
            while (true)
            {
                rows.Append("<mtr><mtd>").Append(Row(() => Looking("\\\\") || (_at < tex.Length && tex[_at] == '}'))).Append("</mtd></mtr>");
                if (tex[_at] == '}')
                {
                    _at++;
                    return $"<mtable>{rows}</mtable>";
                }

                _at += 2;
            }
        }

        // \not= and \not\in: the sign with a stroke through it.
        private string Negated()
        {
            SkipSpace();
            if (_at < tex.Length && tex[_at] == '=')
            {
                _at++;
                return Operator("≠");
            }

            var sign = _at < tex.Length && tex[_at] == '\\' ? TexSymbols.Operators.GetValueOrDefault(CommandName()) : null;
            return sign is null ? throw new UnknownTexException() : Operator((sign + "\u0338").Normalize());
        }

        // \left( … \right)
        private string LeftRight()
        {
            var open = Delimiter();
            var row = new StringBuilder("<mrow>").Append(Fence(open, stretchy: true));
            row.Append(Row(() => IsCommand("\\right")));
            _at += "\\right".Length;
            return row.Append(Fence(Delimiter(), stretchy: true)).Append("</mrow>").ToString();
        }

        private string Delimiter()
        {
            SkipSpace();
            if (_at >= tex.Length)
            {
                throw new UnknownTexException();
            }

            if (tex[_at] == '\\')
            {
                return TexSymbols.Operators.TryGetValue(CommandName(), out var symbol) ? symbol : throw new UnknownTexException();
            }

            var c = tex[_at++];
            return c == '.' ? "" : c.ToString();
        }

        private string Environment(string name)
        {
            var plain = name.TrimEnd('*');
            if (plain is "aligned" or "align" or "split" or "gather" or "gathered" or "equation" or "eqnarray")
            {
                return Table(name, "", "", isAligned: plain is not ("gather" or "gathered" or "equation"));
            }

            if (plain == "array")
            {
                RawArgument();
                return Table(name, "", "", isAligned: false);
            }

            // An environment that is not known is at least a table of what it holds.
            var (open, close) = TexSymbols.Matrices.GetValueOrDefault(plain, ("", ""));
            return Table(name, open, close, isAligned: false);
        }

        private string Table(string name, string open, string close, bool isAligned)
        {
            var end = $"\\end{{{name}}}";
            var rows = new StringBuilder();
            while (true)
            {
                var cells = new StringBuilder();
                for (var column = 0; ; column++)
                {
                    var content = Row(() => (_at < tex.Length && tex[_at] == '&') || Looking("\\\\") || Looking(end));
                    var style = isAligned ? $" style=\"text-align:{(column % 2 == 0 ? "right" : "left")};padding-left:0;padding-right:0\""
                        : name == "cases" ? " style=\"text-align:left\"" : "";
                    cells.Append($"<mtd{style}>{content}</mtd>");
                    if (_at >= tex.Length || tex[_at] != '&')
                    {
                        break;
                    }

                    _at++;
                }

                // A row end before \end makes no empty row.
                if (!(Looking(end) && cells.ToString().EndsWith("<mrow></mrow></mtd>", StringComparison.Ordinal) && !cells.ToString().Contains("</mtd><mtd", StringComparison.Ordinal) && rows.Length > 0))
                {
                    rows.Append("<mtr>").Append(cells).Append("</mtr>");
                }

                if (Looking(end))
                {
                    _at += end.Length;
                    break;
                }

                _at += 2;
                SkipRowGap();
            }

            // Equations that are aligned are in display style, each of them.
            var table = $"<mtable{(isAligned ? " displaystyle=\"true\"" : "")}>{rows}</mtable>";
            return open.Length + close.Length == 0 ? table : $"<mrow>{Fence(open, stretchy: true)}{table}{Fence(close, stretchy: true)}</mrow>";
        }

        // \\[4pt]
        private void SkipRowGap()
        {
            if (_at < tex.Length && tex[_at] == '[' && tex.IndexOf(']', _at) is > 0 and var close)
            {
                _at = close + 1;
            }
        }

        private bool IsFunctionNext()
        {
            var start = _at;
            var name = tex[_at] == '\\' ? CommandName() : "";
            _at = start;
            return TexSymbols.Functions.Contains(name) || TexSymbols.LimitFunctions.Contains(name) || name == "operatorname";
        }

        private bool Looking(string text) => string.CompareOrdinal(tex, _at, text, 0, text.Length) == 0;

        private bool IsCommand(string command) =>
            Looking(command) && (_at + command.Length >= tex.Length || !char.IsAsciiLetter(tex[_at + command.Length]));

        private void Expect(char c)
        {
            if (_at >= tex.Length || tex[_at] != c)
            {
                throw new UnknownTexException();
            }

            _at++;
        }

        private void SkipSpace()
        {
            while (_at < tex.Length && char.IsWhiteSpace(tex[_at]))
            {
                _at++;
            }
        }

        private static string Function(string name) =>
            $"<mi>{Encode(name is "argmax" or "argmin" ? $"arg\u2009{name[3..]}" : name)}</mi>";

        private static string Operator(string symbol) => $"<mo>{Encode(symbol)}</mo>";

        private static string Fence(string symbol, bool stretchy) =>
            symbol.Length == 0 ? "" : $"<mo stretchy=\"{(stretchy ? "true" : "false")}\">{Encode(symbol)}</mo>";

        private static string Space(string em) => $"<mspace width=\"{em}em\"></mspace>";

        private static string Spaced(string text) => Encode(text).Replace(' ', '\u00a0');

        private static string Encode(string text) => WebUtility.HtmlEncode(text);
    }
}

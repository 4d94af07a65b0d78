namespace Backprop.Notebooks.Pages;

/// <summary>The TeX commands that stand for a single character or a name.</summary>
internal static class TexSymbols
{
    /// <summary>Letters, which TeX and MathML both slant.</summary>
    public static IReadOnlyDictionary<string, string> Letters { get; } = new Dictionary<string, string>
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ϵ",
        ["varepsilon"] = "ε",
        ["zeta"] = "ζ",
        ["eta"] = "η",
        ["theta"] = "θ",
        ["vartheta"] = "ϑ",
        ["iota"] = "ι",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["nu"] = "ν",
        ["xi"] = "ξ",
        ["pi"] = "π",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["upsilon"] = "υ",
        ["phi"] = "ϕ",
        ["varphi"] = "φ",
        ["chi"] = "χ",
        ["psi"] = "ψ",
        ["omega"] = "ω",
        ["ell"] = "ℓ",
        ["varrho"] = "ϱ",
        ["varsigma"] = "ς",
        ["varpi"] = "ϖ",
        ["hbar"] = "ℏ",
        ["imath"] = "ı",
        ["jmath"] = "ȷ",
    };

    /// <summary>Letters that stand upright, and characters like letters.</summary>
    public static IReadOnlyDictionary<string, string> Upright { get; } = new Dictionary<string, string>
    {
        ["Gamma"] = "Γ",
        ["Delta"] = "Δ",
        ["Theta"] = "Θ",
        ["Lambda"] = "Λ",
        ["Xi"] = "Ξ",
        ["Pi"] = "Π",
        ["Sigma"] = "Σ",
        ["Upsilon"] = "Υ",
        ["Phi"] = "Φ",
        ["Psi"] = "Ψ",
        ["Omega"] = "Ω",
        ["partial"] = "∂",
        ["nabla"] = "∇",
        ["infty"] = "∞",
        ["top"] = "⊤",
        ["bot"] = "⊥",
        ["emptyset"] = "∅",
        ["varnothing"] = "∅",
        ["aleph"] = "ℵ",
        ["Box"] = "□",
        ["square"] = "□",
        ["blacksquare"] = "■",
        ["triangle"] = "△",
        ["angle"] = "∠",
        ["dagger"] = "†",
        ["checkmark"] = "✓",
        ["prime"] = "′",
        ["ldots"] = "…",
        ["dots"] = "…",
        ["cdots"] = "⋯",
        ["vdots"] = "⋮",
        ["ddots"] = "⋱",
        ["dotsc"] = "…",
        ["dotsb"] = "⋯",
        ["Re"] = "ℜ",
        ["Im"] = "ℑ",
    };

    /// <summary>Operators and relations.</summary>
    public static IReadOnlyDictionary<string, string> Operators { get; } = new Dictionary<string, string>
    {
        ["cdot"] = "⋅",
        ["times"] = "×",
        ["div"] = "÷",
        ["pm"] = "±",
        ["mp"] = "∓",
        ["odot"] = "⊙",
        ["otimes"] = "⊗",
        ["oplus"] = "⊕",
        ["ast"] = "∗",
        ["circ"] = "∘",
        ["bullet"] = "∙",
        ["star"] = "⋆",
        ["le"] = "≤",
        ["leq"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["ll"] = "≪",
        ["gg"] = "≫",
        ["approx"] = "≈",
        ["sim"] = "∼",
        ["simeq"] = "≃",
        ["equiv"] = "≡",
        ["leqslant"] = "⩽",
        ["geqslant"] = "⩾",
        ["lt"] = "<",
        ["gt"] = ">",
        ["And"] = "&",
        ["cong"] = "≅",
        ["triangleq"] = "≜",
        ["doteq"] = "≐",
        ["prec"] = "≺",
        ["succ"] = "≻",
        ["nmid"] = "∤",
        ["therefore"] = "∴",
        ["because"] = "∵",
        ["nexists"] = "∄",
        ["propto"] = "∝",
        ["in"] = "∈",
        ["notin"] = "∉",
        ["ni"] = "∋",
        ["subset"] = "⊂",
        ["subseteq"] = "⊆",
        ["subsetneq"] = "⊊",
        ["supset"] = "⊃",
        ["supseteq"] = "⊇",
        ["cup"] = "∪",
        ["cap"] = "∩",
        ["setminus"] = "∖",
        ["uparrow"] = "↑",
        ["downarrow"] = "↓",
        ["longleftarrow"] = "⟵",
        ["hookrightarrow"] = "↪",
        ["to"] = "→",
        ["rightarrow"] = "→",
        ["leftarrow"] = "←",
        ["gets"] = "←",
        ["leftrightarrow"] = "↔",
        ["Rightarrow"] = "⇒",
        ["Leftarrow"] = "⇐",
        ["Leftrightarrow"] = "⇔",
        ["iff"] = "⟺",
        ["implies"] = "⟹",
        ["mapsto"] = "↦",
        ["longrightarrow"] = "⟶",
        ["forall"] = "∀",
        ["exists"] = "∃",
        ["neg"] = "¬",
        ["land"] = "∧",
        ["wedge"] = "∧",
        ["lor"] = "∨",
        ["vee"] = "∨",
        ["mid"] = "∣",
        ["parallel"] = "∥",
        ["perp"] = "⟂",
        ["colon"] = ":",
        ["coloneqq"] = "≔",
        ["lbrace"] = "{",
        ["rbrace"] = "}",
        ["{"] = "{",
        ["}"] = "}",
        ["langle"] = "⟨",
        ["rangle"] = "⟩",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["vert"] = "|",
        ["|"] = "‖",
        ["lVert"] = "‖",
        ["rVert"] = "‖",
        ["Vert"] = "‖",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["lbrack"] = "[",
        ["rbrack"] = "]",
        ["#"] = "#",
        ["%"] = "%",
        ["&"] = "&",
        ["_"] = "_",
        ["$"] = "$",
    };

    /// <summary>Operators whose limits stand above and below them in a display.</summary>
    public static IReadOnlyDictionary<string, string> Large { get; } = new Dictionary<string, string>
    {
        ["sum"] = "∑",
        ["prod"] = "∏",
        ["coprod"] = "∐",
        ["bigcup"] = "⋃",
        ["bigcap"] = "⋂",
        ["bigoplus"] = "⨁",
        ["bigotimes"] = "⨂",
        ["bigvee"] = "⋁",
        ["bigwedge"] = "⋀",
    };

    /// <summary>Integrals, whose limits stand beside them.</summary>
    public static IReadOnlyDictionary<string, string> Integrals { get; } = new Dictionary<string, string>
    {
        ["int"] = "∫",
        ["iint"] = "∬",
        ["iiint"] = "∭",
        ["oint"] = "∮",
        ["oiint"] = "∯",
    };

    /// <summary>Functions named in upright letters.</summary>
    public static IReadOnlySet<string> Functions { get; } = new HashSet<string>
    {
        "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "dim", "det", "deg", "ker", "rank", "tr", "sgn", "Pr", "gcd", "lg", "cot", "sec", "csc", "coth", "hom",
    };

    /// <summary>Functions whose limits stand below them in a display.</summary>
    public static IReadOnlySet<string> LimitFunctions { get; } = new HashSet<string>
    {
        "max", "min", "lim", "sup", "inf", "arg", "argmax", "argmin", "limsup", "liminf",
    };

    /// <summary>Marks above a letter.</summary>
    public static IReadOnlyDictionary<string, string> Accents { get; } = new Dictionary<string, string>
    {
        ["hat"] = "^",
        ["widehat"] = "^",
        ["bar"] = "¯",
        ["tilde"] = "~",
        ["widetilde"] = "~",
        ["vec"] = "→",
        ["dot"] = "˙",
        ["ddot"] = "¨",
        ["check"] = "ˇ",
        ["breve"] = "˘",
        ["acute"] = "´",
        ["grave"] = "`",
        ["mathring"] = "˚",
    };

    /// <summary>Spaces, in em.</summary>
    public static IReadOnlyDictionary<string, string> Spaces { get; } = new Dictionary<string, string>
    {
        ["quad"] = "1",
        ["qquad"] = "2",
        [","] = "0.167",
        [":"] = "0.222",
        [">"] = "0.222",
        [";"] = "0.278",
        ["!"] = "-0.167",
        [" "] = "0.25",
        ["enspace"] = "0.5",
        ["thinspace"] = "0.167",
    };

    /// <summary>The brackets around the matrix environments.</summary>
    public static IReadOnlyDictionary<string, (string Open, string Close)> Matrices { get; } = new Dictionary<string, (string, string)>
    {
        ["matrix"] = ("", ""),
        ["pmatrix"] = ("(", ")"),
        ["bmatrix"] = ("[", "]"),
        ["Bmatrix"] = ("{", "}"),
        ["vmatrix"] = ("|", "|"),
        ["Vmatrix"] = ("‖", "‖"),
        ["cases"] = ("{", ""),
        ["smallmatrix"] = ("", ""),
    };
}

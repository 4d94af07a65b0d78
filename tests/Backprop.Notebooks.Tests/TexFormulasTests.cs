using System.Xml.Linq;
using Backprop.Notebooks.Pages;

namespace Backprop.Notebooks.Tests;

/// <summary>Formulas as pages of mathematics, physics, statistics and machine learning have them, and what no one here knows.</summary>
public sealed class TexFormulasTests
{
    public static TheoryData<string> Formulas =>
    [
        // Algebra and analysis
        @"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        @"e^{i\pi} + 1 = 0",
        @"(a + b)^n = \sum_{k=0}^{n} \binom{n}{k} a^{n-k} b^k",
        @"\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e",
        @"f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h}",
        @"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}",
        @"\frac{d}{dx}\left[ \int_a^x f(t)\,dt \right] = f(x)",
        @"\iint_S \nabla \times \mathbf{F} \cdot d\mathbf{S} = \oint_{\partial S} \mathbf{F} \cdot d\mathbf{r}",
        @"\iiint_V (\nabla \cdot \vec{F})\, \mathrm{d}V",
        @"f(x) = \sum_{n=0}^{\infty} \frac{f^{(n)}(a)}{n!} (x-a)^n",
        @"\zeta(s) = \sum_{n=1}^\infty \frac{1}{n^s} = \prod_{p \text{ prime}} \frac{1}{1 - p^{-s}}",
        @"\Gamma(z) = \int_0^\infty t^{z-1} e^{-t}\,\mathrm dt",
        @"|x + y| \le |x| + |y|",
        @"\left| \sum_{i=1}^n x_i y_i \right|^2 \leqslant \sum_{j=1}^n |x_j|^2 \sum_{k=1}^n |y_k|^2",
        @"\forall \varepsilon > 0 \;\exists \delta > 0 : |x - a| < \delta \implies |f(x) - L| < \varepsilon",
        @"\phi = \cfrac{1}{1 + \cfrac{1}{1 + \cfrac{1}{1 + \cdots}}}",
        @"\sqrt[n]{a_1 a_2 \cdots a_n} \leq \frac{a_1 + a_2 + \dotsb + a_n}{n}",
        @"\overline{z_1 + z_2} = \bar{z}_1 + \bar{z}_2",
        @"\sin^2\theta + \cos^2\theta = 1",
        @"\arctan x = x - \frac{x^3}{3} + \frac{x^5}{5} - \cdots",
        @"\lfloor x \rfloor \le x < \lfloor x \rfloor + 1",
        @"\left\lceil \frac{n}{2} \right\rceil",
        @"f\colon \mathbb{R} \to \mathbb{R},\ x \mapsto x^2",
        @"f(x) = \begin{cases} x^2 & \text{if } x \ge 0, \\ -x & \text{otherwise} \end{cases}",
        @"\left. \frac{\partial f}{\partial x} \right|_{x=0}",
        // Sets, logic, numbers
        @"A \cup B = \{ x \mid x \in A \lor x \in B \}",
        @"A \subseteq B \iff A \cap B = A",
        @"\emptyset \neq A \subsetneq \mathbb{N}",
        @"\neg (P \land Q) \Leftrightarrow \neg P \lor \neg Q",
        @"a \equiv b \pmod{n}",
        @"\gcd(a, b) \cdot \operatorname{lcm}(a, b) = |ab|",
        @"\varnothing, \aleph_0, \mathbb{Q} \not\ni \sqrt2",
        @"x \notin A \setminus B",
        @"\bigcup_{i \in I} A_i \supseteq \bigcap_{i \in I} A_i",
        @"\nexists\, n \in \mathbb{Z} \colon n^2 = 2",
        @"\therefore p \mid q \quad\text{or}\quad p \nmid q",
        // Linear algebra
        @"A = \begin{pmatrix} a_{11} & a_{12} & \cdots & a_{1n} \\ \vdots & \vdots & \ddots & \vdots \\ a_{m1} & a_{m2} & \cdots & a_{mn} \end{pmatrix}",
        @"\det \begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc",
        @"\mathbf{A}\mathbf{x} = \lambda \mathbf{x}",
        @"A^{-1} = \frac{1}{\det A} \operatorname{adj}(A)",
        @"(AB)^{\mathsf{T}} = B^{\mathsf T} A^{\mathsf T}",
        @"\mathbf{A} = \mathbf{U} \boldsymbol{\Sigma} \mathbf{V}^{*}",
        @"\|x\|_2 = \sqrt{\langle x, x \rangle}",
        @"\lVert \mathbf{x} \rVert_p := \bigg( \sum_{i=1}^n |x_i|^p \bigg)^{1/p}",
        @"\operatorname{tr}(AB) = \operatorname{tr}(BA)",
        @"\left[\begin{array}{cc|c} 1 & 2 & 3 \\ 4 & 5 & 6 \end{array}\right]",
        @"U \oplus V \cong V \oplus U, \quad U \otimes V",
        @"\mathfrak{g} = \mathfrak{h} \oplus \mathfrak{m}",
        @"\operatorname{span}\{v_1, \dotsc, v_k\} \perp \ker A",
        // Physics
        @"i\hbar \frac{\partial}{\partial t} \Psi(\mathbf{r}, t) = \hat{H} \Psi(\mathbf{r}, t)",
        @"E = mc^2",
        @"\nabla \cdot \mathbf{E} = \frac{\rho}{\varepsilon_0}",
        @"\nabla \times \vec{B} = \mu_0 \vec{J} + \mu_0 \varepsilon_0 \frac{\partial \vec{E}}{\partial t}",
        @"\mathbf{F} = m\ddot{\mathbf{x}} = m \frac{\mathrm{d}^2 \mathbf{x}}{\mathrm{d}t^2}",
        @"\Delta x \, \Delta p \geq \frac{\hbar}{2}",
        @"R_{\mu\nu} - \tfrac{1}{2} R g_{\mu\nu} + \Lambda g_{\mu\nu} = \frac{8\pi G}{c^4} T_{\mu\nu}",
        @"\langle \psi | \hat{A} | \psi \rangle",
        @"\frac{d}{dt} \left( \frac{\partial \mathcal{L}}{\partial \dot{q}} \right) - \frac{\partial \mathcal{L}}{\partial q} = 0",
        @"S = -k_B \sum_i p_i \ln p_i",
        @"T = 25\,{}^{\circ}\mathrm{C}",
        @"\oiint_{\partial V} \mathbf{E} \cdot \mathrm{d}\mathbf{A} = \frac{Q}{\varepsilon_0}",
        @"\Box A^\mu = \mu_0 J^\mu",
        @"90^\circ \approx 1.5708\ \text{rad}",
        // Probability and statistics
        @"P(A \mid B) = \frac{P(B \mid A)\, P(A)}{P(B)}",
        @"\mathbb{E}[X] = \int_{\Omega} X \, dP",
        @"\operatorname{Var}(X) = \mathbb{E}\left[ (X - \mu)^2 \right] = \mathbb E[X^2] - \mathbb E[X]^2",
        @"f(x) = \frac{1}{\sigma \sqrt{2\pi}} \exp\left( -\frac{(x - \mu)^2}{2\sigma^2} \right)",
        @"X_1, \dots, X_n \overset{\text{i.i.d.}}{\sim} \mathcal{N}(\mu, \sigma^2)",
        @"\hat{\beta} = (X^\top X)^{-1} X^\top y",
        @"D_{\mathrm{KL}}(P \,\|\, Q) = \sum_{x \in \mathcal{X}} P(x) \log \frac{P(x)}{Q(x)}",
        @"H(X) = -\sum_{i} p(x_i) \log_2 p(x_i)",
        @"\hat\theta = \arg\max_{\theta} \mathcal{L}(\theta \mid x)",
        @"\bar{X}_n \xrightarrow{P} \mu",
        @"\Pr\left[ |X - \mu| \ge k\sigma \right] \le \frac{1}{k^2}",
        @"X \perp\!\!\!\perp Y",
        // Machine learning
        @"\sigma(z) = \frac{1}{1 + e^{-z}}",
        @"\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}",
        @"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta_t)",
        @"\delta^l = \left( (w^{l+1})^T \delta^{l+1} \right) \odot \sigma'(z^l)",
        @"L(\hat{y}, y) = -\frac{1}{N} \sum_{i=1}^{N} \big[ y_i \log \hat{y}_i + (1 - y_i) \log(1 - \hat{y}_i) \big]",
        @"\text{Attention}(Q, K, V) = \text{softmax}\left( \frac{QK^T}{\sqrt{d_k}} \right) V",
        @"\begin{align} m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\ v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \end{align}",
        @"\min_G \max_D \; \mathbb{E}_{x \sim p_{\text{data}}} [\log D(x)] + \mathbb{E}_{z \sim p_z} [\log(1 - D(G(z)))]",
        @"\underbrace{\frac{1}{2} \lVert w \rVert^2}_{\text{margin}} + C \sum_{i} \xi_i",
        @"w^\ast = \operatorname*{arg\,min}_{w \in \mathbb{R}^d} \ell(w)",
        @"\mathbf{J} = \begin{bmatrix} \dfrac{\partial f_1}{\partial x_1} & \cdots & \dfrac{\partial f_1}{\partial x_n} \\[1ex] \vdots & \ddots & \vdots \end{bmatrix}",
        @"\mathcal{O}(n \log n), \quad \Theta(n^2), \quad \Omega(1)",
        @"x^{(i)} \in \{0, 1\}^{d}, \qquad \tilde{x} \leftarrow x + \epsilon",
        @"\mathbb{1}[y_i = k] \quad \mathbf{1}_{\{x > 0\}}",
        @"\max(0, x) \triangleq \mathrm{ReLU}(x)",
        // Layout
        @"\begin{equation} \begin{split} a &= b + c \\ &= d \end{split} \tag{1} \end{equation}",
        @"\begin{gathered} a = b \\ c = d + e \end{gathered}",
        @"\sum_{\substack{0 \le i \le m \\ 0 < j < n}} P(i, j)",
        @"\prod\nolimits_{i=1}^n x_i \quad \int\limits_0^1 x\,dx",
        @"\overbrace{x + \cdots + x}^{k \text{ times}}",
        @"\overrightarrow{AB} \parallel \overleftarrow{CD}",
        @"\color{red}{x} + \textcolor{blue}{y}",
        @"\boxed{a^2 + b^2 = c^2}",
        @"\phantom{x} + \hspace{1em} y \mathrel{:=} z",
        @"\displaystyle\sum_{k=1}^n k = \tfrac{n(n+1)}{2}",
        @"a \stackrel{?}{=} b \underset{n \to \infty}{\longrightarrow} c",
        @"\left( \middle| \right) \Bigl\{ \bigr\rangle",
        @"\mathscr{F}\{f\}(\xi), \quad \mathit{diff}, \quad \mathsf{X}",
        @"x \lt y \gt z \And \ldots \textit{done}",
        @"\cancel{x} \cdot \frac{1}{\cancel{x}}",
        @"{n \choose k} = {a \over b}",
    ];

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Other_peoples_formulas_become_well_formed_MathML_without_a_command_left_over(string tex)
    {
        foreach (var display in new[] { false, true })
        {
            var math = TexMath.ToMathML(tex, display);

            Assert.NotNull(math);
            var text = XElement.Parse(math).Value;
            Assert.DoesNotContain('\\', text);
            Assert.NotEmpty(text.Trim());
        }
    }

    [Fact]
    public void There_are_more_than_a_hundred() => Assert.InRange(Formulas.Count, 100, int.MaxValue);

    [Theory]
    [InlineData(@"\unknown{x} + \frac{1}{2}", @"<mtext>\unknown</mtext>", "<mfrac>")]
    [InlineData(@"\sum_i \mystery x_i", @"<mtext>\mystery</mtext>", "<msub><mi>x</mi><mi>i</mi></msub>")]
    [InlineData(@"\begin{strange} a & b \\ c & d \end{strange}", "<mtr><mtd><mrow><mi>c</mi></mrow></mtd><mtd><mrow><mi>d</mi></mrow></mtd></mtr>", "<mi>a</mi>")]
    [InlineData(@"\mathbb{R + \zeta}", "<mi mathvariant=\"normal\">ℝ</mi>", "<mi>ζ</mi>")]
    public void An_unknown_command_is_readable_text_and_the_rest_of_the_formula_stays(string tex, string part, string other)
    {
        var math = TexMath.ToMathML(tex, display: false);

        Assert.NotNull(math);
        _ = XElement.Parse(math);
        Assert.Contains(part, math);
        Assert.Contains(other, math);
    }
}

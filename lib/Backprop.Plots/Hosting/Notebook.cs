using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;

namespace Backprop.Plots;

/// <summary>Makes a notebook show charts, training movies, explorers, computation graphs, matrices, vectors, gradient checks and verdicts on exercises.</summary>
public static class Notebook
{
    private const string Html = "text/html";
    private const string Picture = "image/svg+xml";
    private const string PlainText = "text/plain";

    /// <summary>
    /// Registers how charts, training movies, explorers, computation graphs, <c>Matrix&lt;double&gt;</c>, <c>Vector&lt;double&gt;</c>, gradient-check tables and verdicts are displayed, and lets
    /// numbers print with a point whatever the computer's language is. Call it at the top of a notebook; calling it again does no harm.
    /// </summary>
    /// <param name="offline">
    /// Whether to put plotly.js itself into this cell's output (3.6 MB), so that charts need no network. The call must
    /// then be the last line of its cell, without a semicolon: <c>Notebook.Setup(offline: true)</c>.
    /// Otherwise the charts load plotly.js from the web, once a page.
    /// </param>
    /// <returns>What displays as plotly.js when <paramref name="offline"/> is true, and as a short line when not.</returns>
    /// <exception cref="InvalidOperationException">Another Plotly.NET was loaded before, and the two cannot work together in this host.</exception>
    public static NotebookSetup Setup(bool offline = false)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        PlotlyLoadContext.ThrowIfLate();
        RegisterFormatters();
        InteractiveHost.WatchCells();
        return new NotebookSetup(offline);
    }

    // Apart from Setup, so that Setup itself names no type of Plotly.NET.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterFormatters()
    {
        PlotlyJs.OfferToExporters();
        Register<GenericChart>(ChartHtml.Of, ChartHtml.Summary);
        // For viewers that run no script.
        Formatter.Register<GenericChart>((chart, writer) => writer.Write(ChartPicture.Of(GenericChart.toJson(chart))), Picture);
        Formatter.SetPreferredMimeTypesFor(typeof(GenericChart), Html, Picture, PlainText);
        Register<ComputationGraph>(graph => ChartHtml.Of(Graph.Draw(graph)), graph => graph.ToString());
        Register<Matrix<double>>(MatrixTable.Html, MatrixTable.Text);
        Register<Vector<double>>(MatrixTable.Html, MatrixTable.Text);
        Register<TrainingMovie>(TrainingMovieHtml.Of, movie => movie.ToString());
        Register<TrainingExplorer>(TrainingExplorerHtml.Of, explorer => explorer.ToString());
        Register<GradientCheckTable>(GradientCheckHtml.Of, table => table.ToString());
        Register<Verdict>(VerdictHtml.Of, verdict => verdict.ToString());
        Register<Nonlinearity>(nonlinearity => WebUtility.HtmlEncode(nonlinearity.Name), nonlinearity => nonlinearity.Name);
        Register<IEnumerable<GradientDifference>>(rows => GradientCheckHtml.Of(new([.. rows])), rows => new GradientCheckTable([.. rows]).ToString());
        Register<GradientDifference>(row => GradientCheckHtml.Of(new([row])), row => new GradientCheckTable([row]).ToString());
        Register<Variable>(MatrixTable.Html, MatrixTable.Text);
        Register<LabelledPoints>(points => ValueForms.Of(points.X, points.y));
        Register<(Matrix<double> X, int[] y)>(points => ValueForms.Of(points.X, points.y));
        Register<Mesh>(ValueForms.Of);
        Register<TwoLayerNetwork>(ValueForms.Of);
        Register<Delegate>(ValueForms.Of);
        Register<ITuple>(TupleHtml, TupleText);
        Register<NotebookSetup>(setup => setup.Offline ? PlotlyJs.Inline() + $"<p>{setup}</p>" : $"<p>{setup}</p>", setup => setup.ToString());
    }

    private static void Register<T>(Func<T, ValueForms.Form> form) => Register<T>(value => form(value).Html, value => form(value).Text);

    /// <summary>Several values are shown one after the other, each in its own form.</summary>
    private static string TupleHtml(ITuple tuple) =>
        string.Join('\n', Enumerable.Range(0, tuple.Length).Select(i => $"<div><p><b>Item {i + 1}</b></p>{tuple[i].ToDisplayString(Html)}</div>"));

    private static string TupleText(ITuple tuple) =>
        string.Join('\n', Enumerable.Range(0, tuple.Length).Select(i => $"Item {i + 1}: {tuple[i].ToDisplayString(PlainText)}"));

    private static void Register<T>(Func<T, string> html, Func<T, string> text)
    {
        Formatter.Register<T>((value, writer) => writer.Write(html(value)), Html);
        Formatter.Register<T>((value, writer) => writer.Write(text(value)), PlainText);
        // Both are kept with a displayed value: the text is for readers of the file.
        Formatter.SetPreferredMimeTypesFor(typeof(T), Html, PlainText);
    }
}

/// <summary>What <see cref="Notebook.Setup"/> did, to be displayed at the end of its cell.</summary>
/// <param name="Offline">Whether it displays as plotly.js itself.</param>
public sealed record NotebookSetup(bool Offline)
{
    /// <summary>A line that says where charts get plotly.js from.</summary>
    public override string ToString() => Offline
        ? $"Charts use the plotly.js {PlotlyJs.Version} in this output."
        : $"Charts load plotly.js {PlotlyJs.Version} from the web.";
}

using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

// A small notebook host: runs cells with Roslyn's scripting engine, as every C# notebook kernel does, formats what they
// return, and reports what was loaded. Its arguments are the folder of the library and, if a chart is to be named before
// anything of the library has run, "chart-first".
var library = args[0];
var references = $"""
    #r "{Path.Combine(library, "MathNet.Numerics.dll")}"
    #r "{Path.Combine(library, "Plotly.NET.dll")}"
    #r "{Path.Combine(library, "Plotly.NET.CSharp.dll")}"
    #r "{Path.Combine(library, "Backprop.dll")}"
    #r "{Path.Combine(library, "Backprop.Plots.dll")}"
    using Backprop;
    using Backprop.Plots;

    """;
string[] cells = args.Contains("chart-first") ?
[
    references + """
    Plotly.NET.GenericChart squares = Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2, 3 }, y: new[] { 1, 4, 9 });
    Notebook.Setup();
    squares
    """,
    "Charts.PlotLoss(new[] { 3.0, 2.0, 1.0 })",
] :
[
    references + "Notebook.Setup();",
    "var (X, y) = Spiral.Generate(new NumpyRandom(0), 20);",
    "Charts.PlotPoints(X, y)",
    """Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2, 3 }, y: new[] { 1, 4, 9 }, Name: "squares")""",
    "Charts.PlotModel(points => points * MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 3, 1), X, y, 0.2)",
];

var html = new List<string>();
ScriptState<object>? state = null;
foreach (var cell in cells)
{
    state = state is null
        ? await CSharpScript.RunAsync(cell, ScriptOptions.Default)
        : await state.ContinueWithAsync(cell);
    if (state.ReturnValue is { } value)
    {
        html.Add(value.ToDisplayString("text/html"));
    }
}

var plotly = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly.GetName().Name == "Plotly.NET").ToArray();
Console.WriteLine(JsonSerializer.Serialize(new
{
    charts = html.Count(text => text.Contains("data-backprop-chart")),
    plotlyAssemblies = plotly.Length,
    plotlyContext = AssemblyLoadContext.GetLoadContext(plotly[0])?.Name ?? "",
    hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(html)))),
}));

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>The small things that a cell may end with, as a line that says what they are and a table of what is in them.</summary>
internal static class ValueForms
{
    public static Form Of(Matrix<double> X, int[] y)
    {
        if (y.Length != X.RowCount)
        {
            return new($"A matrix {X.RowCount} × {X.ColumnCount} and {y.Length} integers");
        }

        var classes = y.GroupBy(label => label).OrderBy(group => group.Key).Select(group => $"{group.Count()} of class {group.Key}");
        var head = Enumerable.Range(0, X.ColumnCount).Select(j => $"X[i, {j}]").Prepend("i").Append("y[i]");
        var rows = MatrixTable.Shown(X.RowCount).Select(i => i is not { } row
            ? Enumerable.Repeat("…", X.ColumnCount + 2)
            : X.Row(row).Select(MatrixTable.Number).Prepend($"{row}").Append($"{y[row]}"));
        return new($"{X.RowCount} points: {string.Join(", ", classes)}", [[.. head], .. rows.Select(row => row.ToArray())]);
    }

    public static Form Of(Mesh mesh) => new(
        $"Mesh {mesh.YAxis.Length} × {mesh.XAxis.Length}: {mesh.Points.RowCount} points, x from {Short(mesh.XAxis[0])} to {Short(mesh.XAxis[^1])}, y from {Short(mesh.YAxis[0])} to {Short(mesh.YAxis[^1])}");

    public static Form Of(TwoLayerNetwork network)
    {
        (string Name, Matrix<double> Value)[] parameters = [("W1", network.W1), ("b1", network.b1), ("W2", network.W2), ("b2", network.b2)];
        return new(
            $"Two-layer network: {network.W1.RowCount} inputs, {network.W1.ColumnCount} hidden units ({network.Nonlinearity.Name}), {network.W2.ColumnCount} classes, "
            + $"{parameters.Sum(parameter => parameter.Value.RowCount * parameter.Value.ColumnCount)} numbers",
            [
                ["parameter", "shape", "smallest", "largest"],
                .. parameters.Select(parameter => (string[])
                [
                    parameter.Name, $"({parameter.Value.RowCount} × {parameter.Value.ColumnCount})",
                    MatrixTable.Number(parameter.Value.Enumerate().Min()), MatrixTable.Number(parameter.Value.Enumerate().Max()),
                ]),
            ]);
    }

    /// <summary>A function as what it takes and what it gives.</summary>
    public static Form Of(Delegate function)
    {
        var invoke = function.GetType().GetMethod("Invoke")!;
        var named = function.Method.GetParameters();
        var taken = invoke.GetParameters();
        // A closure's method has a parameter more, in front.
        var names = named.Length >= taken.Length ? named[^taken.Length..] : taken;
        var list = taken.Select((parameter, i) => IsName(names[i].Name) ? $"{NameOf(parameter.ParameterType)} {names[i].Name}" : NameOf(parameter.ParameterType));
        return new($"Function ({string.Join(", ", list)}) → {NameOf(invoke.ReturnType)}");

        static bool IsName(string? name) => name is not null && name.All(c => char.IsLetterOrDigit(c) || c == '_') && !name.StartsWith("arg", StringComparison.Ordinal);
    }

    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        if (typeof(ITuple).IsAssignableFrom(type))
        {
            return $"({string.Join(", ", type.GetGenericArguments().Select(NameOf))})";
        }

        var name = type.Name.Split('`')[0] switch
        {
            "Double" => "double",
            "Int32" => "int",
            "UInt32" => "uint",
            "Int64" => "long",
            "Single" => "float",
            "Object" => "object",
            "String" => "string",
            "Boolean" => "bool",
            "Void" => "nothing",
            var other => other,
        };
        // A matrix is one of doubles here, as in the text.
        return !type.IsGenericType || typeof(Matrix<double>).IsAssignableFrom(type) || typeof(Vector<double>).IsAssignableFrom(type) ? name
            : $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    private static string Short(double value) => Rounding.Significant(value, 4).ToString(CultureInfo.InvariantCulture);

    /// <summary>What something is, and the cells of a table, whose first row is the head.</summary>
    internal sealed record Form(string What, params string[][] Cells)
    {
        public string Html => $"<p>{WebUtility.HtmlEncode(What)}</p>" + (Cells.Length == 0 ? ""
            : $"\n<table>\n<thead>{Row(Cells[0], "th")}</thead>\n<tbody>\n{string.Concat(Cells[1..].Select(row => Row(row, "td") + "\n"))}</tbody>\n</table>");

        public string Text
        {
            get
            {
                var widths = Cells.Length == 0 ? [] : Enumerable.Range(0, Cells[0].Length).Select(j => Cells.Max(row => row[j].Length)).ToArray();
                return string.Join('\n', Cells.Select(row => string.Join("  ", row.Select((cell, j) => cell.PadLeft(widths[j])))).Prepend(What));
            }
        }

        private static string Row(string[] cells, string tag) =>
            $"<tr>{string.Concat(cells.Select(cell => $"<{tag} style=\"text-align:right;white-space:nowrap\">{WebUtility.HtmlEncode(cell)}</{tag}>"))}</tr>";
    }
}

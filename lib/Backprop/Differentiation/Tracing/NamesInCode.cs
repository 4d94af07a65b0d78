using System.Reflection;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>What the matrices of a loss function are called where it was written.</summary>
internal static class NamesInCode
{
    /// <summary>The names of the parameters; of an array's elements <c>name[0]</c>, <c>name[1]</c>, ….</summary>
    public static string[] OfParameters(Delegate loss, int count)
    {
        var declared = loss.Method.GetParameters();
        return declared is [.., { ParameterType.IsArray: true } array]
            ? [.. Enumerable.Range(0, count).Select(i => $"{array.Name}[{i}]")]
            // The last ones: a delegate may have bound a first one.
            : [.. declared[^count..].Select((parameter, i) => parameter.Name ?? $"p[{i}]")];
    }

    /// <summary>
    /// The names of the matrices that the function has captured: local variables, fields of its object, and the variables
    /// of earlier cells, all of which the compiler keeps in fields of their names.
    /// </summary>
    public static Dictionary<Matrix<double>, string> OfCaptured(Delegate loss)
    {
        var names = new Dictionary<Matrix<double>, string>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var objects = new Queue<object?>([loss.Target]);
        while (objects.TryDequeue(out var holder))
        {
            if (holder is null || !seen.Add(holder))
            {
                continue;
            }

            foreach (var field in holder.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                var isCompilers = field.Name.Contains('<');
                if (!isCompilers && field.GetValue(holder) is { } value && (value as Matrix<double> ?? (value as Variable)?.Data) is { } matrix)
                {
                    names.TryAdd(matrix, field.Name);
                }
                else if (isCompilers && !field.FieldType.IsValueType)
                {
                    // The enclosing scope, the object whose method this is, or an earlier cell.
                    objects.Enqueue(field.GetValue(holder));
                }
            }
        }

        return names;
    }
}

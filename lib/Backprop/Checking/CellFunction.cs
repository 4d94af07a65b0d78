using System.Reflection;

namespace Backprop;

/// <summary>
/// A function that a reader wrote in a cell: whether it is the newest of its name, and whether it has the type that is
/// asked for.
/// </summary>
/// <remarks>
/// In every C# notebook host each cell becomes an assembly with a class named Submission#0, Submission#1, …, and a
/// function that is written again with other parameters stands beside the older one: a call with the older one's
/// arguments still finds that.
/// </remarks>
internal static class CellFunction
{
    /// <summary>
    /// Under this name a host keeps, in application data, a <c>Func&lt;string, bool&gt;</c> that is true for a name
    /// whose newest declaration stands in a cell that did not compile. A host that keeps none is believed to have none.
    /// </summary>
    public const string DoesNotCompile = "notebook:does-not-compile";

    private const string Cell = "Submission#";

    /// <summary>A sentence where the function is not what the reader wrote last under its name.</summary>
    public static string? WhatIsOutOfDate(Delegate function) =>
        WhatIsOutOfDate(function.Method.Name) ?? (Newer(function.Method) is { } newer
            ? $"{newer.Name} was written again in another cell, as {Signature(newer)}; the exercise asks for {Signature(function.Method)}. Run the cell with your answer again."
            : null);

    /// <summary>A sentence where the cell in which a name was declared last does not compile.</summary>
    public static string? WhatIsOutOfDate(string name) =>
        AppContext.GetData(DoesNotCompile) is Func<string, bool> doesNotCompile && doesNotCompile(name)
            ? $"The cell with {name} did not compile when you ran it last, so there is no new answer to check. Correct that cell and run it first."
            : null;

    /// <summary>A sentence where the function does not fit the type of delegate; null where it does.</summary>
    public static string? WhatIsWrong(Delegate function, Type expected)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (given, asked) = (function.Method, expected.GetMethod("Invoke") ?? throw new ArgumentException($"{expected} is no type of delegate.", nameof(expected)));
        var name = given.Name.Contains('<') ? "your function" : given.Name;
        var start = given.Name.Contains('<') ? "Your function" : name;
        var (parameters, askedParameters) = (given.GetParameters(), asked.GetParameters());
        if (parameters.Length != askedParameters.Length)
        {
            return $"{start} takes {Count(parameters.Length)}, but {askedParameters.Length} {(askedParameters.Length == 1 ? "is" : "are")} expected: ({Types(askedParameters)}).";
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].ParameterType != askedParameters[i].ParameterType)
            {
                return $"The parameter {parameters[i].Name} of {name} is {CSharpTypes.Name(parameters[i].ParameterType)}, but {CSharpTypes.Name(askedParameters[i].ParameterType)} is expected.";
            }
        }

        return given.ReturnType == asked.ReturnType ? null
            : $"{start} returns {(given.ReturnType == typeof(void) ? "nothing" : CSharpTypes.Name(given.ReturnType))}, but {(asked.ReturnType == typeof(void) ? "nothing" : CSharpTypes.Name(asked.ReturnType))} is expected.";
    }

    private static string Count(int parameters) => parameters switch
    {
        0 => "no parameters",
        1 => "1 parameter",
        _ => $"{parameters} parameters",
    };

    private static string Types(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter => CSharpTypes.Name(parameter.ParameterType)));

    private static string Signature(MethodInfo method) =>
        $"{CSharpTypes.Name(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(parameter => $"{CSharpTypes.Name(parameter.ParameterType)} {parameter.Name}"))})";

    // A function of the same name in a later cell of the same session: it has other parameters, or it would have been found.
    private static MethodInfo? Newer(MethodInfo function)
    {
        if (NumberOf(function.DeclaringType) is not { } number)
        {
            return null;
        }

        var session = SessionOf(function.DeclaringType!.Assembly);
        return AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => SessionOf(assembly) == session)
            .Select(assembly => assembly.GetType(Cell + assembly.GetName().Name![session.Length..]))
            .OfType<Type>()
            .Where(type => NumberOf(type) > number)
            .OrderByDescending(NumberOf)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .FirstOrDefault(method => method.Name == function.Name);
    }

    private static int? NumberOf(Type? cell) =>
        cell is { IsNested: false } && cell.Name.StartsWith(Cell, StringComparison.Ordinal) && int.TryParse(cell.Name.AsSpan(Cell.Length), out var number) ? number : null;

    // The assemblies of a session's cells are called alike, but for the cell's number at the end.
    private static string SessionOf(Assembly assembly) => (assembly.GetName().Name ?? "").TrimEnd([.. "0123456789"]);
}

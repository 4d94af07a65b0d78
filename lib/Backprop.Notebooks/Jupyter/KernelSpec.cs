using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>A kernel that Jupyter knows: a folder with a kernel.json that says how it is started.</summary>
/// <param name="Folder">The folder; its name is the kernel's.</param>
/// <param name="DisplayName">What clients show.</param>
/// <param name="Arguments">The command that starts it.</param>
internal sealed record KernelSpec(string Folder, string DisplayName, IReadOnlyList<string> Arguments)
{
    public const string File = "kernel.json";

    private const string Program = "Backprop.Notebooks.dll";

    public string Name => Path.GetFileName(Folder);

    /// <summary>True for a kernel that this program installed.</summary>
    public bool IsOurs => Arguments is [_, var program, "kernel", "run", _] && Path.GetFileName(program) == Program;

    /// <summary>What its command needs and is not there; null when all is there.</summary>
    public string? Missing => IsOurs ? Arguments.Take(2).FirstOrDefault(file => !System.IO.File.Exists(file)) : null;

    /// <summary>Our kernel.</summary>
    /// <param name="folder">Where it is installed.</param>
    /// <param name="dotnet">The command that starts .NET programs.</param>
    public static KernelSpec Ours(string folder, string dotnet) =>
        new(folder, "C# (Backprop)", [dotnet, Path.Combine(folder, "bin", Program), "kernel", "run", "{connection_file}"]);

    /// <summary>The kernel in a folder, or null where there is none that can be read.</summary>
    public static KernelSpec? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path) && Json.TryParse(System.IO.File.ReadAllText(path)) is JsonObject json
            ? new(folder, json.Text("display_name") ?? "", [.. (json["argv"] as JsonArray ?? []).Where(Lines.IsText).Select(argument => (string)argument!)])
            : null;
    }

    /// <summary>All kernels below a folder in which Jupyter looks.</summary>
    public static IEnumerable<KernelSpec> Below(string jupyter)
    {
        var kernels = Path.Combine(jupyter, "kernels");
        return Directory.Exists(kernels) ? Directory.EnumerateDirectories(kernels).Order(StringComparer.Ordinal).Select(Read).OfType<KernelSpec>() : [];
    }

    public string ToText() => Json.Write(new JsonObject
    {
        ["argv"] = new JsonArray([.. Arguments.Select(argument => (JsonNode?)argument)]),
        ["display_name"] = DisplayName,
        ["language"] = "C#",
        // A signal is what every client gets right; a message is answered as well. On Windows there are no such signals.
        ["interrupt_mode"] = OperatingSystem.IsWindows() ? "message" : "signal",
        // Restoring a package named by #r needs the command, which a client started from a desktop may not find.
        ["env"] = new JsonObject { ["DOTNET_HOST_PATH"] = Arguments[0] },
        ["metadata"] = new JsonObject { ["debugger"] = false },
    });
}

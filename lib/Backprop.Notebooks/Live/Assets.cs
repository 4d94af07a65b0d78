using System.Security.Cryptography;

namespace Backprop.Notebooks.Live;

/// <summary>The files that live pages use: their own script and style sheet, and the editor.</summary>
internal static class Assets
{
    private static readonly string s_editor = Path.Combine(AppContext.BaseDirectory, "monaco");
    private static readonly Dictionary<string, byte[]> s_own = Read();

    /// <summary>Where the pages find them. It changes with what they contain, so that browsers may keep them for ever.</summary>
    public static string Address { get; } = "/assets/" + Convert.ToHexStringLower(SHA256.HashData([.. s_own.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value)]))[..12];

    /// <summary>A file and its type; null where there is none of this name.</summary>
    public static (byte[] Content, string Type)? Find(string name)
    {
        if (s_own.TryGetValue(name, out var own))
        {
            return (own, TypeOf(name));
        }

        var path = Path.GetFullPath(Path.Combine(s_editor, name.StartsWith("monaco/", StringComparison.Ordinal) ? name["monaco/".Length..] : "?"));
        return path.StartsWith(s_editor + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path) ? (File.ReadAllBytes(path), TypeOf(name)) : null;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".ttf" => "font/ttf",
        _ => "application/octet-stream",
    };

    private static Dictionary<string, byte[]> Read()
    {
        var assembly = typeof(Assets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("live", StringComparison.Ordinal) || name.StartsWith("editor", StringComparison.Ordinal)).ToDictionary(name => name, name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Session;

/// <summary>
/// The assemblies of a package named by <c>#r "nuget: name, version"</c>. NuGet itself finds them, through a project
/// made for the purpose in a cache folder; what was found is remembered there, so that it needs no network again.
/// </summary>
internal static partial class PackageFiles
{
    public static async Task<IReadOnlyList<string>> FindAsync(string name, string version, CancellationToken cancellationToken)
    {
        if (!Words().IsMatch(name) || !Versions().IsMatch(version))
        {
            throw new PackageNotRestoredException($"#r \"nuget: {name}, {version}\" is not understood. Write #r \"nuget: Name, 1.2.3\".");
        }

        var folder = Path.Combine(Cache(), name.ToLowerInvariant(), version.Replace('*', 'x'));
        var assets = Path.Combine(folder, "obj", "project.assets.json");
        if (Read(assets) is { } known)
        {
            return known;
        }

        Directory.CreateDirectory(folder);
        // Nothing above the cache folder may change what is restored.
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Packages.props"), "<Project />", cancellationToken);
        var project = Path.Combine(folder, "package.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="{name}" Version="{version}" /></ItemGroup>
            </Project>
            """,
            cancellationToken);

        var run = await DotNet.RunAsync(["restore", project, "--nologo", "-v:quiet"], folder, cancellationToken);
        if (run.ExitCode != 0 || Read(assets) is not { } found)
        {
            File.Delete(assets);
            throw new PackageNotRestoredException(
                $"The package {name} {version} could not be restored:\n{string.Join('\n', run.Errors.DefaultIfEmpty(run.Output.Trim()))}");
        }

        return found;
    }

    private static string Cache()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "backprop-notebooks", "packages");
    }

    // Null where there is nothing to read or a file it names is gone (someone cleared the package folder).
    private static List<string>? Read(string assets)
    {
        if (!File.Exists(assets) || Documents.Json.TryParse(File.ReadAllText(assets)) is not JsonObject json)
        {
            return null;
        }

        var roots = (json["packageFolders"] as JsonObject ?? []).Select(entry => entry.Key).ToList();
        var files = new List<string>();
        foreach (var (id, package) in (json["targets"] as JsonObject)?.FirstOrDefault().Value as JsonObject ?? [])
        {
            foreach (var (file, _) in package?["runtime"] as JsonObject ?? [])
            {
                if (!file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                var folder = (string?)json["libraries"]?[id]?["path"] ?? id.ToLowerInvariant();
                if (roots.Select(root => Path.Combine(root, folder, file)).FirstOrDefault(File.Exists) is not { } path)
                {
                    return null;
                }

                files.Add(path);
            }
        }

        return files;
    }

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex Words();

    [GeneratedRegex(@"^[\w.*+\[\](), -]+$")]
    private static partial Regex Versions();
}

using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Session;

/// <summary>
/// The assemblies of a package named by <c>#r "nuget: name, version"</c>. NuGet itself finds them, through a project
/// made for the purpose in a cache folder; what was found is remembered there, so that it needs no network again.
/// </summary>
internal static partial class PackageFiles
{
    /// <summary>Finds a package and all that it depends on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version, or <c>*</c> for the newest.</param>
    /// <param name="sources">Folders and addresses to look in, beside those of the user's configuration.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="PackageNotRestoredException">There is no such package, or no way to it.</exception>
    public static async Task<Package> FindAsync(string name, string version, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        if (!Words().IsMatch(name) || !Versions().IsMatch(version))
        {
            throw new PackageNotRestoredException($"#r \"nuget: {name}, {version}\" is not understood. Write #r \"nuget: Name, 1.2.3\".");
        }

        // What was found elsewhere may be another package of that name.
        var elsewhere = sources.Count == 0 ? "" : "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sources))))[..8];
        var folder = Path.Combine(Cache(), name.ToLowerInvariant(), version.Replace('*', 'x') + elsewhere);
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
              <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework><RestoreAdditionalProjectSources>{string.Join(';', sources.Select(SecurityElement.Escape))}</RestoreAdditionalProjectSources></PropertyGroup>
              <ItemGroup><PackageReference Include="{name}" Version="{version}" /></ItemGroup>
            </Project>
            """,
            cancellationToken);

        var run = await DotNet.RunAsync(["restore", project, "--nologo", "-v:quiet"], folder, cancellationToken);
        if (run.ExitCode != 0 || Read(assets) is not { } found)
        {
            if (File.Exists(assets))
            {
                File.Delete(assets);
            }

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
    private static Package? Read(string assets)
    {
        if (!File.Exists(assets) || Documents.Json.TryParse(File.ReadAllText(assets)) is not JsonObject json)
        {
            return null;
        }

        var roots = (json["packageFolders"] as JsonObject ?? []).Select(entry => entry.Key).ToList();
        var (files, extensions) = (new List<string>(), new List<string>());
        foreach (var (id, package) in (json["targets"] as JsonObject)?.FirstOrDefault().Value as JsonObject ?? [])
        {
            var folder = (string?)json["libraries"]?[id]?["path"] ?? id.ToLowerInvariant();
            extensions.AddRange(roots.Select(root => Path.Combine(root, folder, "interactive-extensions", "dotnet")).Where(Directory.Exists).Take(1).SelectMany(Extensions));
            foreach (var (file, _) in package?["runtime"] as JsonObject ?? [])
            {
                if (!file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (roots.Select(root => Path.Combine(root, folder, file)).FirstOrDefault(File.Exists) is not { } path)
                {
                    return null;
                }

                files.Add(path);
            }
        }

        return new(files, extensions);
    }

    private static IEnumerable<string> Extensions(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => Path.GetFileName(path) == "extension.dib" || path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex Words();

    [GeneratedRegex(@"^[\w.*+\[\](), -]+$")]
    private static partial Regex Versions();
}

/// <summary>What a package and its dependencies bring.</summary>
/// <param name="Libraries">The assemblies.</param>
/// <param name="Extensions">What .NET Interactive runs in a notebook that references it: scripts, and libraries with an extension in them.</param>
internal sealed record Package(IReadOnlyList<string> Libraries, IReadOnlyList<string> Extensions);

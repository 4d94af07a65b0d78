using System.Runtime.InteropServices;

namespace Backprop.Browser;

/// <summary>The machine's own Chromium or Chrome, and how it is started: without a word to anyone.</summary>
internal static class InstalledChromium
{
    public static string[] Arguments { get; } =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        // Whoever drives a browser listens for errors with their places in the code. Else each would have all of plotly.js parsed again, which no reader waits for.
        "--js-flags=--no-enable-lazy-source-positions",
    ];

    /// <summary>
    /// Where it is; null where there is none. The environment variable CHROMIUM may name it. The one that was made to have no
    /// windows draws the same pages without the windows' own work.
    /// </summary>
    public static string? Find()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("CHROMIUM"),
            .. OnPath("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            @"C:\Program Files\Google\Chrome\Application\chrome.exe",
            @"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
            @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        ];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> OnPath(params string[] names) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? []
            : names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)));
}

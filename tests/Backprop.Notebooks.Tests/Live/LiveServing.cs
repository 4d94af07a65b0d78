using Backprop.Notebooks.Live;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>A server of live pages over copies of a few notebooks, shared by the tests of a class.</summary>
public sealed class LiveServing : IAsyncLifetime
{
    private readonly string _drafts = Directory.CreateTempSubdirectory("drafts ").FullName;
    private LiveServer? _server;

    public string Folder { get; } = Directory.CreateTempSubdirectory("note books ").FullName;

    internal LiveServer Server => _server!;

    public Uri Address => new(Server.Address);

    /// <summary>What lets a client in.</summary>
    public string Token => Server.Opening(null).Split("token=")[1];

    public string Cookie => $"backprop-{Address.Port}={Token}";

    public string NotebookFile(string name) => Path.Combine(Folder, name + ".ipynb");

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("BACKPROP_DRAFTS", _drafts);
        foreach (var name in new[] { "state-is-carried", "parameters", "loops-for-ever", "not-json" })
        {
            File.Copy(Sample.File(name), NotebookFile(name));
        }

        _server = await LiveServer.StartAsync([.. Directory.EnumerateFiles(Folder).Order()], null, TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Environment.SetEnvironmentVariable("BACKPROP_DRAFTS", null);
        Directory.Delete(Folder, recursive: true);
        Directory.Delete(_drafts, recursive: true);
    }
}

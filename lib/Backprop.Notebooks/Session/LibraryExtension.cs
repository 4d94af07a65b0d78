using System.Reflection;

namespace Backprop.Notebooks.Session;

/// <summary>
/// An extension of .NET Interactive that is a library, as older packages bring it: a class that is handed the kernel.
/// There is none here, and most need none, such as those that register formatters.
/// </summary>
internal static class LibraryExtension
{
    private const string Interface = "Microsoft.DotNet.Interactive.IKernelExtension";

    /// <summary>Runs the extensions of a library; what cannot do without the kernel is said, and the notebook goes on.</summary>
    public static async Task LoadAsync(Assembly library)
    {
        try
        {
            foreach (var type in library.GetExportedTypes().Where(type => !type.IsAbstract && type.GetInterface(Interface) is not null))
            {
                var load = type.GetInterface(Interface)!.GetMethod("OnLoadAsync")!;
                await (Task)load.Invoke(Activator.CreateInstance(type), BindingFlags.DoNotWrapExceptions, null, [null], null)!;
            }
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"The extension {library.GetName().Name} is made for the kernel of .NET Interactive, and does not work here ({e.GetType().Name}: {e.Message}). The package can be used without it.");
        }
    }
}

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
    /// <param name="file">The library.</param>
    /// <param name="load">Loads it.</param>
    public static void Run(string file, Func<string, Assembly> load)
    {
        try
        {
            foreach (var type in load(file).GetExportedTypes().Where(type => !type.IsAbstract && type.GetInterface(Interface) is not null))
            {
                var onLoad = type.GetInterface(Interface)!.GetMethod("OnLoadAsync")!;
                ((Task)onLoad.Invoke(Activator.CreateInstance(type), BindingFlags.DoNotWrapExceptions, null, [null], null)!).GetAwaiter().GetResult();
            }
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"The extension {Path.GetFileName(file)} is made for the kernel of .NET Interactive, and does not work here ({e.GetType().Name}: {e.Message}). The package can be used without it.");
        }
    }
}

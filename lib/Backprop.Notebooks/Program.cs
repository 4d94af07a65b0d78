using Backprop.Notebooks.Running;
foreach (var a in args)
{
    var w = System.Diagnostics.Stopwatch.StartNew();
    try {
    var r = await NotebookRunner.RunAsync(a, new() { CellTimeout = TimeSpan.FromSeconds(4) });
    Console.WriteLine($"=== {a} ok={r.Succeeded} {w.Elapsed.TotalSeconds:0.00}s");
    foreach (var c in r.Cells) { Console.WriteLine($"  [{c.Number}] {c.Elapsed.TotalSeconds:0.00}s"); foreach (var o in c.Outputs) Console.WriteLine("    " + string.Concat(((o.ToJson()?.ToJsonString()) ?? "").Take(300))); }
    } catch (Exception e) { Console.WriteLine($"=== {a} {e.GetType().Name} {e.Message}"); }
}
return 0;

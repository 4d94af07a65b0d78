using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>A code cell as a plan sees it.</summary>
/// <param name="Names">What it uses, declares and changes.</param>
/// <param name="HasRun">Whether this session has run it.</param>
/// <param name="Changed">Variables of earlier cells that it was seen to change, such as a random number generator, and types of its own that were others when it was compiled again.</param>
/// <param name="IsOutOfDate">Whether it ran with values that are no more, or with another text, or failed.</param>
internal sealed record PlannedCell(CellNames Names, bool HasRun, IReadOnlySet<string> Changed, bool IsOutOfDate = false)
{
    /// <summary>True when what needs it finds what a run from the top would have left.</summary>
    public bool IsDone => HasRun && !IsOutOfDate;
}

/// <summary>Which cells must run, and no others, so that all is as if the notebook had run from the top.</summary>
internal static class Dependencies
{
    /// <summary>The cells that depend on what is new, those that must run anew before them, and those that were never run and are needed.</summary>
    /// <param name="cells">The notebook's code cells from top to bottom.</param>
    /// <param name="newCells">Cells that are new as a whole.</param>
    /// <param name="newNames">Names that are new in the cell that declares them.</param>
    /// <param name="follow">False to leave out the cells that depend on them.</param>
    /// <returns>Places of cells, in order.</returns>
    public static IReadOnlyList<int> Plan(IReadOnlyList<PlannedCell> cells, IReadOnlyCollection<int> newCells, IReadOnlyCollection<string> newNames, bool follow = true)
    {
        cells = WithExtensions(cells);
        var whole = new SortedSet<int>(newCells);
        while (true)
        {
            var (run, uses) = Follow(cells, whole, newNames);
            if (!follow)
            {
                run = [.. whole];
            }

            var more = run.SelectMany(cell => Needed(cells, cell, uses, run)).Where(cell => !whole.Contains(cell)).ToHashSet();
            if (more.Count == 0)
            {
                return [.. run];
            }

            whole.UnionWith(more);
        }
    }

    /// <summary>The cells below a cell that are out of date when it is new.</summary>
    public static IReadOnlyList<int> Dependents(IReadOnlyList<PlannedCell> cells, int cell) =>
        [.. Follow(WithExtensions(cells), new HashSet<int> { cell }, []).Run.Where(other => other > cell)];

    /// <summary>Of the variables that a cell uses, those that it does not declare itself.</summary>
    public static IReadOnlyList<string> VariablesOf(IReadOnlyList<PlannedCell> cells, int cell)
    {
        cells = WithExtensions(cells);
        var (_, uses) = Follow(cells, new HashSet<int>(), []);
        return [.. uses[cell].Names.Where(name => DeclaringCell(cells, cell, name) is { } at && at != cell)];
    }

    // A method that the notebook declares is used by what calls it on something.
    private static IReadOnlyList<PlannedCell> WithExtensions(IReadOnlyList<PlannedCell> cells)
    {
        var extensions = cells.SelectMany(cell => cell.Names.Steps).Where(step => step.IsExtension).SelectMany(step => step.Declares).ToHashSet();
        return extensions.Count == 0 ? cells :
        [
            .. cells.Select(cell => cell with
            {
                Names = cell.Names with { Steps = [.. cell.Names.Steps.Select(step => step with { Uses = step.Uses.Union(step.Calls.Where(extensions.Contains)).ToHashSet() })] },
            }),
        ];
    }

    // From top to bottom: what is new makes the statements new that use it, and so the names that these declare or change.
    private static (SortedSet<int> Run, CellUse[] Uses) Follow(IReadOnlyList<PlannedCell> cells, IReadOnlySet<int> whole, IReadOnlyCollection<string> newNames)
    {
        var run = new SortedSet<int>();
        var isNew = new HashSet<string>();
        var functions = new Dictionary<string, CellStep>();
        var uses = new CellUse[cells.Count];
        var areAllNew = false;
        for (var i = 0; i < cells.Count; i++)
        {
            var use = uses[i] = new([], []);
            var isWhole = areAllNew || whole.Contains(i);
            var own = cells[i].Names.Steps.SelectMany(step => step.Declares).ToHashSet();
            areAllNew |= whole.Contains(i) && cells[i].Names.IsForAll && cells[i].HasRun;
            foreach (var step in cells[i].Names.Steps)
            {
                foreach (var name in step.Declares)
                {
                    functions.Remove(name);
                    if (step.IsFunction)
                    {
                        functions[name] = step;
                    }
                }

                // What a function does, whoever calls it does.
                var (used, changed) = step.IsFunction ? (step.Uses.ToHashSet(), []) : Expand(step, functions, own, isSeen: cells[i].IsDone);
                if (!step.IsFunction)
                {
                    use.Names.UnionWith(used);
                    use.Changes.UnionWith(changed);
                }

                // A script has functions for all: one that the cell does not call makes no difference to it.
                var isStepNew = isWhole || step.Declares.Overlaps(newNames) || (used.Overlaps(isNew) && !(step.IsFunction && step.IsLoaded));
                if (isStepNew)
                {
                    run.Add(i);
                    isNew.UnionWith(step.Declares);
                    isNew.UnionWith(changed);
                }
                else
                {
                    isNew.ExceptWith(step.Declares);
                }
            }

            if (isWhole)
            {
                run.Add(i);
            }

            if (run.Contains(i))
            {
                isNew.UnionWith(cells[i].Changed);
            }

            use.Changes.UnionWith(cells[i].Changed);
        }

        return (run, uses);
    }

    // What a method or a function has changed is seen when the cell runs as it is; until then, a method may change what it is
    // called on, and a function does what stands in it. Of the cell's own variables nothing is seen: they are new each time.
    private static (HashSet<string> Used, HashSet<string> Changed) Expand(CellStep step, Dictionary<string, CellStep> functions, HashSet<string> own, bool isSeen)
    {
        var (used, changed) = (step.Uses.ToHashSet(), step.Changes.ToHashSet());
        var within = new HashSet<string>(step.MayChange);
        var open = new Queue<string>(step.Uses);
        while (open.TryDequeue(out var name))
        {
            if (functions.TryGetValue(name, out var function))
            {
                within.UnionWith(function.Changes);
                within.UnionWith(function.MayChange);
                foreach (var inner in function.Uses.Where(used.Add))
                {
                    open.Enqueue(inner);
                }
            }
        }

        changed.UnionWith(isSeen ? within.Where(own.Contains) : within);
        changed.UnionWith(step.HandsOver.Where(own.Contains));
        return (used, changed);
    }

    private static IEnumerable<int> Needed(IReadOnlyList<PlannedCell> cells, int cell, CellUse[] uses, IReadOnlySet<int> run)
    {
        for (var i = 0; i < cell; i++)
        {
            if (cells[i].Names.IsForAll && !cells[i].IsDone)
            {
                yield return i;
            }
        }

        // A function that no one calls yet looks at no value, but is not compiled without the names.
        foreach (var name in cells[cell].Names.Steps.Where(step => step.IsFunction).SelectMany(step => step.Uses))
        {
            if (DeclaringCell(cells, cell, name) is { } at && !cells[at].IsDone)
            {
                yield return at;
            }
        }

        foreach (var name in uses[cell].Names)
        {
            if (DeclaringCell(cells, cell, name) is not { } at || at == cell)
            {
                continue;
            }

            // What this cell or one below it has changed must be as it was when this cell's turn came first.
            var wasChanged = Enumerable.Range(cell, cells.Count - cell)
                .Any(later => cells[later].HasRun && uses[later].Changes.Contains(name) && DeclaringCell(cells, later, name) == at);
            if (!cells[at].IsDone || wasChanged)
            {
                yield return at;
            }

            for (var between = at + 1; between < cell; between++)
            {
                if (uses[between].Changes.Contains(name) && (!cells[between].IsDone || run.Contains(at)))
                {
                    yield return between;
                }
            }
        }
    }

    // The last one above that declares the name, or the cell itself.
    private static int? DeclaringCell(IReadOnlyList<PlannedCell> cells, int cell, string name)
    {
        for (var i = cell; i >= 0; i--)
        {
            if (cells[i].Names.Steps.Any(step => step.Declares.Contains(name)))
            {
                return i;
            }
        }

        return null;
    }

    private sealed record CellUse(HashSet<string> Names, HashSet<string> Changes);
}

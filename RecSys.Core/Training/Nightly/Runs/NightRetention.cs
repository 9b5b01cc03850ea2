using RecSys.Core.Training.Nightly.Challengers;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>
/// Keeps the folder of runs bounded: old runs go, and of all but the newest what takes the room. Earlier runs of a day count like those of
/// other days.
/// </summary>
internal static class NightRetention
{
    /// <param name="nights">Folder of the runs.</param>
    /// <param name="present">The run that has just ended, which stays as it is.</param>
    /// <param name="keep">Runs to keep, the present one included.</param>
    /// <returns>Folders that could not be cleaned, with the reason.</returns>
    public static IReadOnlyList<string> Run(string nights, DateOnly present, int keep)
    {
        var faults = new List<string>();
        var runs = NightFolder.RunsOf(nights).Where(run => run.Day != present || run.Former > 0).ToList();
        for (var i = 0; i < runs.Count; i++)
        {
            try
            {
                if (i + 1 >= keep) Directory.Delete(runs[i].Root, recursive: true);
                else Thin(runs[i]);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{runs[i].Root}: {failure.Message}");
            }
        }
        return faults;
    }

    /// <summary>Removes what takes the room; it can be made again.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Something must not be removed.</exception>
    public static void Thin(NightFolder folder)
    {
        foreach (var name in NightFiles.Large) NightFolder.Remove(folder[name]);
        if (!Directory.Exists(folder[Challenger.Places])) return;
        foreach (var place in Directory.EnumerateDirectories(folder[Challenger.Places]))
        {
            foreach (var name in NightFiles.Large) NightFolder.Remove(Path.Combine(place, name));
        }
    }
}

using System.Text.Json;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Hosting.Alerts;

/// <summary>What alerts read of nightly training.</summary>
/// <param name="scheduler">Runs the nights; null where nobody does.</param>
/// <param name="dataFolder">Holds the nights' folders.</param>
internal sealed class NightSources(NightScheduler? scheduler, string dataFolder)
{
    private const int MostSaid = 200;

    // What the check of the data writes is far smaller.
    private const int MostBytes = 16 << 20;

    private (string Path, DateTime Written, double Rate)? read;

    /// <summary>
    /// 1 when the last night ended with a failure, 0 when it ran to its end or found nothing to do; null while one runs, and before the
    /// first.
    /// </summary>
    public AlertReading? Failed() => scheduler?.Last is { Failed: { } failed } night
        ? new AlertReading(failed ? 1 : 0, night.Verdict is { Length: > MostSaid } said ? said[..MostSaid] : night.Verdict)
        : null;

    /// <summary>Share of the events that the last night could learn from; null before the first.</summary>
    public AlertReading? Quality()
    {
        var nights = Path.Combine(dataFolder, NightFolder.Nights);
        foreach (var day in NightFolder.DaysOf(nights))
        {
            var file = new FileInfo(new NightFolder(nights, day)[NightFiles.Quality]);
            if (!file.Exists || file.Length > MostBytes) continue;
            if (read is not { } known || known.Path != file.FullName || known.Written != file.LastWriteTimeUtc)
            {
                var found = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), NightJson.Default.QualityFile);
                if (found is not { Raw: > 0 }) return null;
                read = (file.FullName, file.LastWriteTimeUtc, found.Rate);
            }
            return new AlertReading(read.Value.Rate, $"night of {day:yyyy-MM-dd}");
        }
        return null;
    }
}

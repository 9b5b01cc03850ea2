using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// The impressions of some days of KuaiRand as published tests count them: by the column <c>date</c>, which is a day in China and differs
/// by up to an hour from what <c>time_ms</c> says, without the random policy's, and with rows that occur twice counted twice. An imported
/// log knows neither the column nor the repeats.
/// </summary>
public static class KuaiRandDays
{
    /// <param name="directory">As <see cref="KuaiRandImporter"/> takes it.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, included.</param>
    /// <param name="options">How much may be malformed.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>In the order of the files, labelled by <c>long_view</c>.</returns>
    /// <exception cref="RecSysException">A file is missing or has too many malformed rows, or no row is of those days.</exception>
    public static IReadOnlyList<LabelledImpression> ReadLongViews(
        string directory, DateOnly first, DateOnly last, ImportOptions options, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default)
    {
        directory = KuaiRandImporter.Folder(directory);
        var (from, to) = (Number(first), Number(last));
        var rows = new List<LabelledImpression>();
        using var ledger = new ImportLedger("kuairand-days", options);
        foreach (var path in KuaiRandImpressions.Files(directory))
        {
            TableLoop.Read(KuaiRandImpressions.Open(path, ledger, "date"), Path.GetFileName(path), ledger, row =>
            {
                if (row.Count("date") is var day && (day < from || day > to)) return;
                if (row.Bit("is_rand")) return;
                rows.Add(new LabelledImpression(row.Required("user_id"), row.Required("video_id"),
                    KuaiRandImpressions.TimeMs(row, "time_ms"), KuaiRandImpressions.Tab(row), row.Bit("long_view")));
            }, progress, ct);
        }
        if (rows.Count == 0)
            throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                $"No impression in {directory} is of the days {first:yyyy-MM-dd} to {last:yyyy-MM-dd}; give the folder of "
                    + $"KuaiRand's log."));
        return rows;
    }

    private static int Number(DateOnly day) =>
        int.Parse(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

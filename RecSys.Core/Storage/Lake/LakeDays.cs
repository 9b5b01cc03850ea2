using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>The days of a lake as their manifests tell.</summary>
internal sealed class LakeDays(ILakeStore store)
{
    internal async Task<LakeManifest?> FindAsync(LakeTable table, DateOnly day, CancellationToken ct) =>
        await store.ReadManifestAsync(table, day, ct) is { } json ? LakeManifest.Parse(json, table, day, NameOf(table, day)) : null;

    /// <exception cref="RecSysException">The day is not there, or its manifest is damaged.</exception>
    internal async Task<LakeManifest> GetAsync(LakeTable table, DateOnly day, CancellationToken ct) =>
        await FindAsync(table, day, ct) ?? throw Missing(table, day, await store.ListAsync(table, ct));

    /// <summary>The days that are there, in order; some between them may be missing.</summary>
    /// <exception cref="RecSysException">A manifest is damaged.</exception>
    internal async Task<IReadOnlyList<LakeManifest>> ListAsync(LakeTable table, CancellationToken ct)
    {
        var there = new List<LakeManifest>();
        foreach (var day in await store.ListAsync(table, ct)) there.Add(await GetAsync(table, day, ct));
        return there;
    }

    /// <summary>The days of a range in order, each behind the one before.</summary>
    /// <param name="table">Which.</param>
    /// <param name="from">First day; null for the first that the lake has.</param>
    /// <param name="to">Last day; null for the last that the lake has.</param>
    /// <param name="ct">Stops the enumeration.</param>
    /// <exception cref="RecSysException">A day is missing, damaged, or does not follow the one before it; the message names it.</exception>
    internal async IAsyncEnumerable<LakeManifest> ReadAsync(LakeTable table, DateOnly? from, DateOnly? to,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var days = await store.ListAsync(table, ct);
        if (days.Count == 0) throw Missing(table, from, days);
        LakeManifest? before = null;
        for (var day = from ?? days[0]; day <= (to ?? days[^1]); day = day.AddDays(1))
        {
            if (await BehindAsync(table, day, days, ct) is { } behind)
            {
                day = behind.AddDays(-1);
                continue;
            }
            var manifest = await GetAsync(table, day, ct);
            CheckOrder(before, manifest);
            yield return before = manifest;
        }
    }

    /// <summary>
    /// Where a day of served records was left out because nothing was served for a long time (<see cref="LakeManifest.AfterDay"/>): the day
    /// behind that time. Null for any other day.
    /// </summary>
    /// <param name="table">Which.</param>
    /// <param name="day">The day.</param>
    /// <param name="days">Days that are there, in order.</param>
    /// <param name="ct">Stops.</param>
    internal async Task<DateOnly?> BehindAsync(LakeTable table, DateOnly day, IReadOnlyList<DateOnly> days, CancellationToken ct)
    {
        if (table != LakeTable.Served || days.Contains(day)) return null;
        foreach (var next in days)
        {
            if (next > day) return (await FindAsync(table, next, ct))?.AfterDay < day ? next : null;
        }
        return null;
    }

    /// <exception cref="RecSysException">The second is no continuation of the first.</exception>
    internal void CheckOrder(LakeManifest? before, LakeManifest day)
    {
        if (before is null || day.FirstPosition == before.LastPosition + 1) return;
        throw new RecSysException($"{NameOf(day.Table, day.Day)} begins at position {day.FirstPosition}, the day before it ends at "
            + $"{before.LastPosition}, so they are not of one log. Remove the days from here on and export them again.");
    }

    /// <exception cref="RecSysException">The day is not the one that the log begins with.</exception>
    internal void CheckStart(LakeManifest day)
    {
        if (day.FirstPosition <= 1) return;
        throw new RecSysException($"{NameOf(day.Table, day.Day)} is the first day of the lake and begins at position "
            + $"{day.FirstPosition}: what "
            + "the log has before it is missing. Export it again (recsys lake export) while the database has its entries, or take the days "
            + "before it from a copy.");
    }

    /// <summary>What messages call a day.</summary>
    internal string NameOf(LakeTable table, DateOnly day) => $"{store.Place}/{LakeNames.Of(table)}/{LakeNames.Of(day)}";

    private RecSysException Missing(LakeTable table, DateOnly? missing, IReadOnlyList<DateOnly> days)
    {
        if (days.Count == 0 || missing is not { } day)
            return new RecSysException($"The lake {store.Place} has no day of {TextOf(table)} yet. Run recsys lake export first.");
        var which = $"The lake {store.Place} has no day {LakeNames.Plain(day)} of {TextOf(table)}";
        if (day > days[^1])
            return new RecSysException($"{which}: it ends with {LakeNames.Plain(days[^1])}. A day is written once it is over: run recsys "
                + "lake export then, or choose an earlier last day.");
        return day < days[0]
            ? new RecSysException($"{which}: it begins with {LakeNames.Plain(days[0])}. Choose a later first day.")
            : new RecSysException($"{which}, though it has earlier and later ones. Export it again (recsys lake export) while "
                + "the database has its entries, or take it from a copy.");
    }

    private static string TextOf(LakeTable table) => table == LakeTable.Log ? "the log" : "the served records";
}

using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary>What of the data is not learnt from, told before work that learns from it.</summary>
internal static class DataWarnings
{
    /// <summary>Writes what waits for items and who has no profile, and sees that there is anything to learn from.</summary>
    /// <returns>The counts, and events that wait; null for none.</returns>
    /// <exception cref="RecSysException">The log is empty; the message says what would fill it.</exception>
    public static async Task<(LogCounts Counts, UnknownIds? Waiting)> WriteAsync(IDatabase database, CancellationToken ct)
    {
        var counts = await database.Contents.CountAsync(ct);
        var unknown = await database.Survey.FindUnknownItemsAsync(ct);
        if (unknown is not null) await Console.Error.WriteLineAsync($"warning: {Describe(unknown, counts.Events)}");
        if (await database.Survey.FindUnknownUsersAsync(ct) is { } users)
            await Console.Error.WriteLineAsync($"note: {Described(users, counts.Events)} are of users without a profile "
                + $"({users.Quoted()}): {users.Cause}");
        if (counts.LastEvent is null)
            throw new RecSysException($"The event log in {database.DataFolder} is empty; "
                + $"{(unknown is null ? "import something first" : Describe(unknown, 0))}.");
        return (counts, unknown);
    }

    /// <summary>The failure with what waits behind it, since more of the same events would wait, too.</summary>
    public static RecSysException With(RecSysException failure, UnknownIds waiting, LogCounts counts) =>
        new($"{failure.Message} Beside what is in the log, {Describe(waiting, counts.Events)}.", failure);

    private static string Describe(UnknownIds items, long known) =>
        $"{Described(items, known + items.Events)} name no known item ({items.Quoted()}) and are not learnt from: {items.Cause}";

    private static string Described(UnknownIds ids, long all) => string.Create(CultureInfo.InvariantCulture,
        $"{ids.Events:#,0} of {all:#,0} events");
}

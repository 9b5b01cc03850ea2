using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>Reads the past of a window's log with the log's own ordinals.</summary>
internal static class PastReader
{
    /// <param name="features">The file of counters.</param>
    /// <param name="users">The file of users.</param>
    /// <param name="log">The log of the window; users that it does not know have no part in it and are passed over.</param>
    /// <param name="ct">Stops between blocks.</param>
    /// <exception cref="RecSysException">A file is missing or damaged.</exception>
    public static LogPast Read(string features, string users, InteractionLog log, CancellationToken ct)
    {
        var (turnedTo, known) = (new TurnedTo?[log.Users.Count], new bool[log.Users.Count]);
        var items = ReadUsers(users, (id, _, had) =>
        {
            if (!log.Users.TryGetOrdinal(id, out var user)) return;
            known[user] = true;
            if (had.Length > 0) turnedTo[user] = TurnedTo.Of(had);
        }, ct);
        return new LogPast(Open, turnedTo, known, items);

        // Items have the facts of the window's end: what a row says of its item is what the catalogue says.
        FeatureState Open()
        {
            var state = new FeatureState(log.Items);
            PastFiles.ReadFeatures(features, state);
            ReadUsers(users, (id, folded, _) =>
            {
                if (log.Users.TryGetOrdinal(id, out var user)) state.RestoreUser(user, UserState.Read(folded));
            }, ct);
            return state;
        }
    }

    private static bool[] ReadUsers(string path, PastFiles.PastUser take, CancellationToken ct)
    {
        try
        {
            return PastFiles.ReadUsers(path, take, ct);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RecSysException($"{failure.Message} Run the night again from the step collect (--from-step collect).", failure);
        }
    }
}

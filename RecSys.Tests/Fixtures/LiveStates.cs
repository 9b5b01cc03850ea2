using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Tests.Fixtures;

/// <summary>Short ways to grow a live state, and to look into it.</summary>
internal static class LiveStates
{
    /// <summary>Folds a change behind the present position, received when it happened or at a given time.</summary>
    public static void Fold(this LiveState state, LogChange change, DateTimeOffset? received = null, int item = -1) => state.Fold(
        new LogEntry(state.Position + 1, (received ?? change.Happened ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds(), item, change),
        recorded: null);

    /// <summary>Folds an event on a known item.</summary>
    public static void Apply(this LiveState state, Event e)
    {
        Assert.True(state.Catalog.TryGetNumber(e.ItemId, out var item));
        state.Fold(new EventChange(e), received: null, item);
    }

    /// <summary>A copy of the user; that of nobody when unknown.</summary>
    public static UserCopy Copy(this LiveState state, string user)
    {
        var copy = new UserCopy();
        state.TryCopy(user, copy);
        return copy;
    }
}

using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// What came before the first event of a log that is only the latest part of one: the state that its replays begin with, who had turned to
/// what, and who and what had been met at all.
/// </summary>
/// <param name="open">Gives a state of its own at each call, for one replay to go on folding into.</param>
/// <param name="turnedTo">By ordinal of the log's users; null where there was nothing.</param>
/// <param name="users">By ordinal: had an event before.</param>
/// <param name="items">By number: had an event before; shorter where later items had none.</param>
internal sealed class LogPast(Func<FeatureState> open, TurnedTo?[] turnedTo, bool[] users, bool[] items)
{
    /// <summary>The state before the first event, for the caller to change.</summary>
    public FeatureState Open() => open();

    /// <summary>True when the user had the item already.</summary>
    public bool Had(int user, int item) => turnedTo[user]?.Had(item) == true;

    /// <summary>True when the user had wished for the item already.</summary>
    public bool Chose(int user, int item) => turnedTo[user]?.Chose(item) == true;

    /// <summary>Items that the user had wished for.</summary>
    public IEnumerable<int> ChosenBy(int user) => turnedTo[user]?.Chosen() ?? [];

    /// <summary>Items that the user had had.</summary>
    public int CountOf(int user) => turnedTo[user]?.Count ?? 0;

    /// <summary>True for a user with an event before.</summary>
    public bool KnowsUser(int user) => users[user];

    /// <summary>True for an item with an event before.</summary>
    public bool KnowsItem(int item) => item < items.Length && items[item];
}

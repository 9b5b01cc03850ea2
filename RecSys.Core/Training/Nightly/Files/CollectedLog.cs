namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What was collected, <c>collect.json</c>.</summary>
/// <param name="Source"><c>lake</c> or <c>log</c>.</param>
/// <param name="Epoch">Epoch of the log.</param>
/// <param name="FirstDay">First received day of the window.</param>
/// <param name="Day">Last received day of the window.</param>
/// <param name="FirstPosition">First entry of the window.</param>
/// <param name="LastPosition">Last entry of the window; nothing behind it was read.</param>
/// <param name="EventsBefore">Events before the window, which the state is folded from.</param>
/// <param name="Events">Events of the window.</param>
/// <param name="Items">Items, removed ones included.</param>
/// <param name="Users">Users with a profile or an event.</param>
/// <param name="EarliestMs">Earliest event of the window by the time that folds go by, Unix milliseconds.</param>
/// <param name="LatestMs">Latest one.</param>
/// <param name="Late">Events of the window that happened before its first day.</param>
internal sealed record CollectedLog(
    string Source, long Epoch, DateOnly FirstDay, DateOnly Day, long FirstPosition, long LastPosition, long EventsBefore, int Events,
    int Items, int Users, long EarliestMs, long LatestMs, long Late);

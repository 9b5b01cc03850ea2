using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Impressions;

/// <summary>
/// What tells the lists of a log apart: the request id and its user, or, where there is none, the user, the moment and the context. One
/// request id is one list however its impressions lie in time.
/// </summary>
/// <param name="User">Ordinal.</param>
/// <param name="List">Number of the request id; 0 without one.</param>
/// <param name="TimeMs">Unix milliseconds; 0 with a request id.</param>
/// <param name="Device">Code; 0 with a request id.</param>
/// <param name="Location">Code; 0 with a request id.</param>
internal readonly record struct ListKey(int User, int List, long TimeMs, byte Device, byte Location)
{
    /// <summary>The list of an impression.</summary>
    public static ListKey Of(in LogEvent e) =>
        e.List > 0 ? new ListKey(e.User, e.List, 0, 0, 0) : new ListKey(e.User, 0, e.TimeMs, e.Device, e.Location);
}

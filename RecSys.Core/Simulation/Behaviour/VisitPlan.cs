using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>The visits of one day in time order; pages are added while it runs.</summary>
internal sealed class VisitPlan
{
    private const int BotSessions = 8;
    private const int DayMs = 86_400_000;
    private readonly PriorityQueue<Visit, (long Ms, int User)> queue = new();
    private readonly WorldParts parts;
    private readonly int day;
    private readonly long startMs;

    /// <summary>
    /// Plans the sessions of all users who have not left: a Poisson count with the mean of the user's rate times exp(gain x mood), at about
    /// the user's usual hour; those of programs at any time.
    /// </summary>
    public VisitPlan(WorldParts parts, VisitorState[] states, int day)
    {
        (this.parts, this.day) = (parts, day);
        startMs = parts.Options.Start.AddDays(day).ToUnixTimeMilliseconds();
        for (var user = 0; user < states.Length; user++)
        {
            if (states[user].Left) continue;
            var mean = parts.SessionRate(user) * Math.Exp(parts.Behaviour.Returns.ReturnGain * states[user].Mood);
            var sessions = states[user].IsBot ? BotSessions : parts.Draws.Poisson(mean, user, day, 0, Purpose.Sessions);
            for (var session = 0; session < sessions; session++)
                queue.Enqueue(new Visit(user, session, Page: 0), (startMs + Moment(user, session, states[user].IsBot), user));
        }
    }

    public bool TryNext(out Visit visit, out long ms)
    {
        var found = queue.TryDequeue(out visit, out var at);
        ms = at.Ms;
        return found;
    }

    /// <summary>Adds the next page of a session, 20 to 120 seconds later; one that would fall on the next day is not asked for.</summary>
    public void Continue(Visit visit, long ms, int turn)
    {
        var next = ms + 20_000 + (long)(100_000 * parts.Draws.Uniform(visit.User, turn, -1, Purpose.Pause));
        if (next < startMs + DayMs) queue.Enqueue(visit with { Page = visit.Page + 1 }, (next, visit.User));
    }

    private long Moment(int user, int session, bool isBot)
    {
        if (isBot) return (long)(DayMs * parts.Draws.Uniform(user, day, session, Purpose.Hour));
        var hour = parts.Users.UsualHour[user] + 3 * parts.Draws.Normal(user, day, session, Purpose.Hour);
        return Math.Min(DayMs - 1, (long)((hour % 24 + 24) % 24 * 3_600_000));
    }
}

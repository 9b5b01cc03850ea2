using System.Globalization;
using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>
/// Groups alerts: what fires within a minute of the first is one incident, told in one message. An incident is told again only when it gets
/// worse, and resolved when all its rules are green. A rule is in at most one open incident, so there are never more than there are rules.
/// Not thread-safe.
/// </summary>
/// <param name="group">How long the first alert waits for others.</param>
internal sealed class IncidentBook(TimeSpan group)
{
    /// <summary>How long a message waits for what red sets in motion, so that it can say what came of it.</summary>
    public static readonly TimeSpan LongestAct = TimeSpan.FromSeconds(30);

    // What an incident keeps of its actions; one more than there are kinds would already be a repetition.
    private const int MostActs = 20;

    private readonly List<Incident> open = [];

    public IReadOnlyList<Incident> Open => open;

    public void Restore(IEnumerable<Incident> incidents) => open.AddRange(incidents);

    /// <summary>Takes in that a rule got worse.</summary>
    public void Raise(AlertTransition change, DateTimeOffset now)
    {
        var (rule, level) = (change.Rule.Name, change.State.Level);
        var at = open.FindIndex(incident => incident.Rules.Contains(rule, StringComparer.Ordinal));
        if (at < 0) at = open.FindIndex(incident => incident.Announced == AlertLevel.Green && incident.DueAt > now);
        if (at < 0)
        {
            at = open.Count;
            var id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmssfff'Z'}-{rule}");
            open.Add(new Incident(id, now, []));
        }
        var found = open[at];
        open[at] = found with
        {
            Rules = found.Rules.Contains(rule, StringComparer.Ordinal) ? found.Rules : [.. found.Rules, rule],
            Worst = level > found.Worst ? level : found.Worst,
            DueAt = level > found.Announced ? found.DueAt ?? now + group : found.DueAt,
            WantsActing = found.WantsActing || level == AlertLevel.Red,
        };
    }

    /// <summary>Notes what was made up for, where the incident goes on; what it wants else it still wants.</summary>
    public void MadeUp(string incident, IncidentAct act)
    {
        var at = open.FindIndex(found => found.Id == incident);
        if (at >= 0) open[at] = open[at] with { Acts = [.. open[at].Acts.Append(act).TakeLast(MostActs)] };
    }

    /// <summary>Notes what was done. Nothing is done twice for the same incident, unless another of its rules turns red; one
    /// that is over meanwhile keeps nothing.</summary>
    public void Acted(string incident, IReadOnlyList<IncidentAct> acts)
    {
        var at = open.FindIndex(found => found.Id == incident);
        if (at >= 0) open[at] = open[at] with { Acts = [.. open[at].Acts.Concat(acts).TakeLast(MostActs)], WantsActing = false };
    }

    /// <summary>What is to be told now; the book takes it as told.</summary>
    /// <param name="levelOf">The level of a rule.</param>
    /// <param name="isSilenced">True for a rule that is silenced.</param>
    /// <param name="now">Now.</param>
    public List<IncidentNews> Due(Func<string, AlertLevel> levelOf, Func<string, bool> isSilenced, DateTimeOffset now)
    {
        var news = new List<IncidentNews>();
        for (var at = 0; at < open.Count; at++)
        {
            var incident = open[at];
            var active = incident.Rules.Where(rule => levelOf(rule) > AlertLevel.Green).ToList();
            if (active.Count == 0)
            {
                if (incident.Announced > AlertLevel.Green) news.Add(new IncidentNews(incident, incident.Announced, incident.Rules, true));
                open.RemoveAt(at--);
                continue;
            }
            // Later than any wait: the clock was set back meanwhile.
            if (incident.DueAt > now + group) open[at] = incident = incident with { DueAt = now + group };
            if (incident.DueAt is not { } due || due > now || (incident.WantsActing && now < due + LongestAct)) continue;
            var audible = active.Where(rule => !isSilenced(rule)).ToList();
            if (audible.Count == 0) continue;
            var level = audible.Max(levelOf);
            // What a silence holds back is told when the silence is over.
            var stillDue = active.Max(levelOf) > level ? incident.DueAt : null;
            if (level <= incident.Announced)
            {
                open[at] = incident with { DueAt = stillDue };
                continue;
            }
            open[at] = incident with { Announced = level, DueAt = stillDue };
            news.Add(new IncidentNews(open[at], level, audible, false));
        }
        return news;
    }
}

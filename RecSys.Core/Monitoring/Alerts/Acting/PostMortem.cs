using System.Globalization;
using System.Text;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>The draft of a post-mortem in Markdown: what the program knows, and questions for those who know the rest.</summary>
internal static class PostMortem
{
    // Behind its change a model has hours to do harm.
    private static readonly TimeSpan Suspicion = TimeSpan.FromHours(24);

    private const int MostLines = 40;

    /// <param name="red">What began it.</param>
    /// <param name="overview">Alerts now.</param>
    /// <param name="models">Changes of model versions, the newest first.</param>
    /// <param name="graphs">File name by rule.</param>
    /// <param name="now">Now.</param>
    public static string Write(
        RedAlert red, AlertOverview overview, IReadOnlyList<ModelTransition> models, IReadOnlyDictionary<string, string> graphs,
        DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Incident {red.Incident.Id}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Draft, written by the program at {Time(now)}. Complete it within two days.\n\n");
        text.Append("## What happened\n\n");
        foreach (var (rule, state) in red.Alerts) text.Append("- ").Append(AlertTexts.Line(rule, state)).Append('\n');

        text.Append("\n## Timeline\n\n| time | what |\n|---|---|\n");
        foreach (var (at, what) in Timeline(red, overview, models, now))
            text.Append(CultureInfo.InvariantCulture, $"| {Time(at)} | {Cell(what)} |\n");

        text.Append("\n## Suspected change\n\n").Append(Suspected(red, models)).Append("\n\n");

        text.Append("## What was done without a person\n\n");
        foreach (var act in red.Incident.Acts)
            text.Append(CultureInfo.InvariantCulture, $"- {act.Action}, {Time(act.At)}: {act.Outcome}\n");
        if (red.Incident.Acts.Count == 0) text.Append("Nothing.\n");

        text.Append("\n## Figures\n\n| rule | value | yellow | red | level |\n|---|---|---|---|---|\n");
        foreach (var (rule, state) in overview.Rules)
            text.Append(CultureInfo.InvariantCulture,
                $"| {rule.Name} | {(state.Value is { } value ? rule.Format(value) : "no data")} | {rule.Format(rule.Yellow)} "
                + $"| {(rule.Red is { } most ? rule.Format(most) : "–")} | {state.Level.Name()} |\n");
        foreach (var (rule, file) in graphs) text.Append(CultureInfo.InvariantCulture, $"\n![{rule}]({file})\n");

        text.Append("\n## To be written\n\n- Who noticed what, and when?\n- What was the cause, and why did nothing before it catch it?\n")
            .Append("- What did users get meanwhile?\n- What keeps it from happening again, who does it, and by when?\n");
        return text.ToString();
    }

    private static IEnumerable<(DateTimeOffset At, string What)> Timeline(
        RedAlert red, AlertOverview overview, IReadOnlyList<ModelTransition> models, DateTimeOffset now)
    {
        var changes = models.Where(change => now - change.Time <= Suspicion)
            .Select(change => (change.Time, $"model {change.Version} becomes {change.To.Name()} ({change.Actor}: {change.Reason})"));
        var alerts = overview.History.Where(entry => now - entry.At <= Suspicion)
            .Select(entry => (entry.At, $"{entry.Name}: {entry.From.Name()} to {entry.To.Name()}, {entry.Summary}"));
        var began = red.Alerts.Select(alert => (alert.State.Began, $"{alert.Rule.Name} is beyond its threshold for the first time"));
        return changes.Concat(alerts).Concat(began).OrderByDescending(entry => entry.Item1).Take(MostLines).OrderBy(entry => entry.Item1);
    }

    private static string Suspected(RedAlert red, IReadOnlyList<ModelTransition> models)
    {
        var began = red.Alerts.Min(alert => alert.State.Began);
        var last = models.FirstOrDefault(
            change => change.To == ModelState.Champion && change.Time <= began && began - change.Time <= Suspicion);
        return last is null
            ? $"No model changed in the {Suspicion.TotalHours:0} hours before it began. Look at deployments, settings, traffic and stores."
            : string.Create(CultureInfo.InvariantCulture,
                $"{last.Version} became champion at {Time(last.Time)}, {(began - last.Time).TotalMinutes:0} minutes before it began "
                + $"({last.Actor}: {last.Reason}).");
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>
/// Where alerts stand, what was told of them and what is silenced, kept over restarts. Looks, silences and deliveries come from different
/// threads and take turns; nothing in here waits for a receiver.
/// </summary>
public sealed class AlertCenter
{
    /// <summary>Silences at a time.</summary>
    public const int MostSilences = 100;

    /// <summary>Actions that failed and are tried again; beyond, the oldest is given up.</summary>
    public const int MostOwed = 20;

    /// <summary>Messages that wait for receivers; beyond, the oldest is put aside as one that could not be delivered.</summary>
    public const int MostWaiting = 200;

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly IReadOnlyList<AlertChannel> channels;
    private readonly AlertFile file;
    private readonly ILogger logger;
    private readonly RepeatedReports unkept;
    private readonly AlertBoard board;
    private readonly IncidentBook incidents;
    private readonly BoundedList<AlertHistoryEntry> history;
    private readonly BoundedList<Silence> silences = new(MostSilences);
    private readonly BoundedList<OwedAct> owed = new(MostOwed);
    private readonly Outbox outbox;
    private bool dirty;

    internal AlertCenter(
        IEnumerable<AlertSource> sources, IReadOnlyList<AlertChannel> channels, IOptions<AlertOptions> options, AlertFile file,
        TimeProvider time, ILogger<AlertCenter> logger)
    {
        (this.channels, this.file, this.time, this.logger) = (channels, file, time, logger);
        unkept = new RepeatedReports(time, TimeSpan.FromMinutes(10));
        board = new AlertBoard(sources, time, logger);
        incidents = new IncidentBook(TimeSpan.FromSeconds(options.Value.GroupSeconds));
        history = new BoundedList<AlertHistoryEntry>(options.Value.History);
        outbox = new Outbox(MostWaiting);
        Restore();
    }

    /// <summary>Looks at every rule once.</summary>
    public void Look()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var change in board.Look(now)) Take(change, now);
            if (silences.RemoveAll(silence => silence.Until <= now) > 0) dirty = true;
            foreach (var news in incidents.Due(rule => board.StateOf(rule).Level, rule => SilenceOf(rule, now) is not null, now))
                Tell(news, now);
            Keep();
        }
    }

    /// <summary>Where everything stands.</summary>
    public AlertOverview Read()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return new AlertOverview(
                board.Light, [.. AlertRules.All.Select(rule => (rule, board.StateOf(rule.Name)))], [.. incidents.Open],
                [.. history.Entries.Reverse()], [.. silences.Entries.Where(silence => silence.Until > now)], [.. owed.Entries], !dirty);
        }
    }

    /// <summary>
    /// False while what alerts keep cannot be written. Whatever was changed is in force all the same: on a full disk somebody must be able
    /// to silence what that sets off. It is written with the next look that can.
    /// </summary>
    public bool IsStored
    {
        get
        {
            lock (gate) return !dirty;
        }
    }

    /// <summary>Keeps a rule, or all of them, from sending and acting for a while; <see cref="IsStored"/> says whether beyond a
    /// restart.</summary>
    /// <returns>Null when there are <see cref="MostSilences"/> already.</returns>
    public Silence? Silence(string rule, DateTimeOffset until, string by, string reason)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            silences.RemoveAll(silence => silence.Until <= now);
            if (silences.Entries.Count == MostSilences) return null;
            var made = new Silence(Guid.NewGuid().ToString("N")[..12], rule, until, by, reason);
            silences.Add(made);
            dirty = true;
            Keep();
            return made;
        }
    }

    /// <summary>Ends a silence before its time; <see cref="IsStored"/> says whether beyond a restart.</summary>
    /// <returns>False when there is none of this id.</returns>
    public bool EndSilence(string id)
    {
        lock (gate)
        {
            if (silences.RemoveAll(silence => silence.Id == id) == 0) return false;
            dirty = true;
            Keep();
            return true;
        }
    }

    /// <summary>Incidents with red alerts for which nothing was done yet, and what of them is not silenced.</summary>
    internal IReadOnlyList<RedAlert> Wanting()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. incidents.Open.Where(incident => incident.WantsActing)
                    .Select(incident => new RedAlert(incident, [.. AlertRules.All.Where(rule => IsRed(incident, rule, now))
                        .Select(rule => (rule, board.StateOf(rule.Name)))]))
                    .Where(red => red.Alerts.Count > 0),
            ];
        }
    }

    /// <summary>Notes what was done for an incident.</summary>
    internal void Acted(string incident, IReadOnlyList<IncidentAct> acts)
    {
        lock (gate)
        {
            incidents.Acted(incident, acts);
            dirty = true;
            Keep();
        }
    }

    /// <summary>Actions that failed and are due again.</summary>
    internal IReadOnlyList<OwedAct> DueAgain()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return [.. owed.Entries.Where(act => act.IsDue(now))];
        }
    }

    /// <summary>Keeps an action that failed, in place of what was kept of it before.</summary>
    /// <returns>One that had to make room; null where there was some.</returns>
    internal OwedAct? Owe(OwedAct act)
    {
        lock (gate)
        {
            Forget(act.Incident.Id, act.Action);
            var gone = owed.Add(act);
            dirty = true;
            Keep();
            return gone;
        }
    }

    /// <summary>Notes that an action that failed before was done, or given up.</summary>
    internal void MadeUp(string incident, IncidentAct act)
    {
        lock (gate)
        {
            if (!Forget(incident, act.Action)) return;
            incidents.MadeUp(incident, act);
            Keep();
        }
    }

    /// <summary>An action was done as a whole: nothing of it is to be made up for.</summary>
    internal void Settle(string incident, string action)
    {
        lock (gate)
        {
            if (Forget(incident, action)) Keep();
        }
    }

    /// <summary>What a rule read lately, the oldest first.</summary>
    internal IReadOnlyList<ValuePoint> SeriesOf(string rule)
    {
        lock (gate) return board.SeriesOf(rule);
    }

    /// <summary>The first message that waits for a receiver; null when none does.</summary>
    internal AlertMessage? NextFor(string channel)
    {
        lock (gate) return outbox.NextFor(channel);
    }

    /// <summary>Messages that had no room and are to be put aside; they are handed over once.</summary>
    internal IReadOnlyList<AlertMessage> TakeOverflow()
    {
        lock (gate) return outbox.TakeOverflow();
    }

    /// <summary>A message was taken, or put aside: it is not sent again.</summary>
    internal void Done(AlertMessage message)
    {
        lock (gate)
        {
            outbox.Remove(message);
            dirty = true;
            Keep();
        }
    }

    private bool Forget(string incident, string action)
    {
        if (owed.RemoveAll(act => act.Incident.Id == incident && act.Action == action) == 0) return false;
        return dirty = true;
    }

    private bool IsRed(Incident incident, AlertRule rule, DateTimeOffset now) =>
        incident.Rules.Contains(rule.Name, StringComparer.Ordinal) && board.StateOf(rule.Name).Level == AlertLevel.Red
        && SilenceOf(rule.Name, now) is null;

    private Silence? SilenceOf(string rule, DateTimeOffset now) => silences.Entries.FirstOrDefault(silence => silence.Covers(rule, now));

    private void Take(AlertTransition change, DateTimeOffset now)
    {
        var summary = AlertTexts.Summary(change.Rule, change.State);
        history.Add(new AlertHistoryEntry(now, change.Rule.Name, change.From, change.State.Level, change.State.Value, summary));
        logger.AlertChanged(change.Rule.Name, change.From.Name(), change.State.Level.Name(), summary);
        if (change.IsRaise) incidents.Raise(change, now);
        dirty = true;
    }

    private void Tell(IncidentNews news, DateTimeOffset now)
    {
        dirty = true;
        var rules = AlertRules.All.Where(rule => news.Rules.Contains(rule.Name, StringComparer.Ordinal)).ToList();
        var names = string.Join(", ", rules.Select(rule => rule.Name));
        var title = news.IsResolve ? $"Resolved: {names}" : $"{(news.Level == AlertLevel.Red ? "RED" : "Yellow")}: {names}";
        var lines = rules.Select(rule => AlertTexts.Line(rule, board.StateOf(rule.Name)))
            .Concat(news.Incident.Acts.Select(AlertTexts.Line));
        foreach (var channel in channels.Where(channel => news.Level >= channel.Least))
            outbox.Add(id => new AlertMessage(id, channel.Name, news.IsResolve, news.Incident.Id, news.Level, now, title, [.. lines])
            {
                Runbook = rules[0].Runbook,
            });
    }

    private void Restore()
    {
        AlertMemory kept;
        try
        {
            kept = file.Read();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.AlertsNotRead(file.Path, fault.Message);
            return;
        }
        foreach (var (rule, alert) in kept.Active)
            board.Restore(rule, new RuleState(alert.Level, alert.Since, Value: alert.Value) { Began = alert.Began });
        incidents.Restore(kept.Incidents.Where(incident => incident.Rules.All(rule => AlertRules.All.Any(known => known.Name == rule))));
        foreach (var entry in kept.History) history.Add(entry);
        foreach (var silence in kept.Silences) silences.Add(silence);
        foreach (var act in kept.Owed) owed.Add(act);
        // Whoever is no longer configured gets nothing more.
        outbox.Restore(kept.Outbox.Where(message => channels.Any(channel => channel.Name == message.Channel)), kept.LastMessage);
    }

    // What cannot be written now is written with the next change or look.
    private void Keep()
    {
        if (!dirty) return;
        try
        {
            var active = AlertRules.All.Select(rule => (rule.Name, State: board.StateOf(rule.Name)))
                .Where(each => each.State.Level > AlertLevel.Green)
                .ToDictionary(
                    each => each.Name,
                    each => new KeptAlert(each.State.Level, each.State.Since, each.State.Began, each.State.Value));
            file.Write(new AlertMemory(active, incidents.Open, history.Entries, silences.Entries, outbox.Waiting, outbox.Last)
            {
                Owed = owed.Entries,
            });
            dirty = false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (unkept.IsDue(fault, out var times)) logger.AlertsNotKept(file.Path, times, fault.Message);
        }
    }
}

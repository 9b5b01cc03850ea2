namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>
/// The next state of a rule, as a pure function of the state before, what was read, and the time. A level is raised when every look of
/// <see cref="AlertRule.Hold"/> was bad, and lowered when every look of <see cref="AlertRule.ClearAfter"/> was good by
/// <see cref="AlertRule.Hysteresis"/>. Missing data ends every spell, bad and good ones: it raises nothing and clears nothing.
/// </summary>
public static class RuleEvaluation
{
    /// <summary>The state before the first look.</summary>
    public static RuleState First(DateTimeOffset now) => new(AlertLevel.Green, now);

    /// <summary>The state after a look.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="before">The state after the last look.</param>
    /// <param name="reading">What was read; null or not finite: nothing to judge.</param>
    /// <param name="now">The time of the look.</param>
    public static RuleState Next(AlertRule rule, RuleState before, AlertReading? reading, DateTimeOffset now)
    {
        if (reading is not { Value: var value } || !double.IsFinite(value))
            return before with { BadSince = null, RedSince = null, NotRedSince = null, GoodSince = null, HasData = false };

        var seen = before with
        {
            BadSince = Spell(rule.IsBad(value, AlertLevel.Yellow), before.BadSince, now),
            RedSince = Spell(rule.IsBad(value, AlertLevel.Red), before.RedSince, now),
            NotRedSince = Spell(rule.IsGood(value, AlertLevel.Red), before.NotRedSince, now),
            GoodSince = Spell(rule.IsGood(value, AlertLevel.Yellow), before.GoodSince, now),
            Value = value,
            Detail = reading.Detail,
            HasData = true,
        };
        var level = LevelOf(rule, seen, now);
        if (level == before.Level) return seen;
        var began = before.Level == AlertLevel.Green ? seen.BadSince ?? now : before.Began;
        return seen with { Level = level, Since = now, Began = level == AlertLevel.Green ? now : began };
    }

    private static AlertLevel LevelOf(AlertRule rule, RuleState seen, DateTimeOffset now)
    {
        if (seen.Level < AlertLevel.Red && Lasted(seen.RedSince, rule.Hold, now)) return AlertLevel.Red;
        if (seen.Level < AlertLevel.Yellow && Lasted(seen.BadSince, rule.Hold, now)) return AlertLevel.Yellow;
        if (seen.Level > AlertLevel.Green && Lasted(seen.GoodSince, rule.ClearAfter, now)) return AlertLevel.Green;
        if (seen.Level > AlertLevel.Yellow && Lasted(seen.NotRedSince, rule.ClearAfter, now)) return AlertLevel.Yellow;
        return seen.Level;
    }

    // A spell that begins later than now was begun before the clock was set back: how long it lasts is counted anew.
    private static DateTimeOffset? Spell(bool goesOn, DateTimeOffset? since, DateTimeOffset now) =>
        !goesOn ? null : since <= now ? since : now;

    private static bool Lasted(DateTimeOffset? since, TimeSpan wanted, DateTimeOffset now) => since is { } first && now - first >= wanted;
}

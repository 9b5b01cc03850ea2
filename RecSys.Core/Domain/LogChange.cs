namespace RecSys.Core.Domain;

/// <summary>
/// One change of what is served, before it has a place in the log. Everything that moves the served world is one of these; what each kind
/// carries is the stored form of <see cref="FormatVersion"/>.
/// </summary>
public abstract record LogChange
{
    /// <summary>Raised when the stored form of a kind changes; older forms stay readable.</summary>
    public const short FormatVersion = 1;

    private protected LogChange()
    {
    }

    public abstract LogKind Kind { get; }

    /// <summary>When it happened, by the sender's clock; null: when it was received.</summary>
    public virtual DateTimeOffset? Happened => null;

    /// <summary>The user that it is about, of a merge the one who is gone; null for what concerns no user, empty once erased.</summary>
    public virtual string? Subject => null;

    /// <summary>What is kept of it once the subject is erased: item, kind, time, and no id of user, session or request.</summary>
    public virtual LogChange WithoutSubject() => this;

    /// <summary>True when it is about somebody of whom nothing may be told any more; erasures themselves stay.</summary>
    /// <param name="erased">Who was erased.</param>
    public bool IsForgotten(IReadOnlySet<string> erased) =>
        this is not UserErasure && Subject is { } subject && erased.Contains(subject);
}

/// <summary>Something a user did with an item.</summary>
public sealed record EventChange(Event Event) : LogChange
{
    public override LogKind Kind => LogKind.Event;
    public override DateTimeOffset? Happened => Event.Time;
    public override string? Subject => Event.UserId;

    public override LogChange WithoutSubject() => new EventChange(Event with { UserId = "", SessionId = null, RequestId = null });
}

/// <summary>An item as a whole: new, or in place of what was stored.</summary>
public sealed record ItemPut(Item Item) : LogChange
{
    public override LogKind Kind => LogKind.ItemPut;
}

/// <summary>The item is gone: a tombstone, its number is not used again.</summary>
public sealed record ItemRemoval(string ItemId) : LogChange
{
    public override LogKind Kind => LogKind.ItemRemoval;
}

/// <summary>A user's profile as a whole: new, or in place of what was stored.</summary>
public sealed record UserPut(User User) : LogChange
{
    public override LogKind Kind => LogKind.UserPut;
    public override string? Subject => User.Id;

    public override LogChange WithoutSubject() => new UserPut(new User { Id = "" });
}

/// <summary>
/// An anonymous visitor turned out to be a user: history, seen items and state of <paramref name="From"/> become <paramref name="Into"/>'s.
/// </summary>
public sealed record UserMerge(string From, string Into) : LogChange
{
    public override LogKind Kind => LogKind.UserMerge;
    public override string? Subject => From;

    public override LogChange WithoutSubject() => new UserMerge("", "");
}

/// <summary>The user is forgotten everywhere; what was contributed to shared counters stays.</summary>
public sealed record UserErasure(string UserId) : LogChange
{
    public override LogKind Kind => LogKind.UserErasure;

    /// <summary>Stays when all others go: without it nobody would know whom to forget.</summary>
    public override string? Subject => UserId;
}

/// <summary>A served list whose impressions nobody reported in time counts as shown.</summary>
/// <param name="RequestId">The request that was answered.</param>
/// <param name="UserId">Who got the list.</param>
/// <param name="Items">Numbers of the served items by position.</param>
/// <param name="ServedAt">When it was answered.</param>
public sealed record ListShown(string RequestId, string UserId, IReadOnlyList<int> Items, DateTimeOffset ServedAt) : LogChange
{
    public override LogKind Kind => LogKind.ListShown;
    public override DateTimeOffset? Happened => ServedAt;
    public override string? Subject => UserId;

    public override LogChange WithoutSubject() => this with { RequestId = "", UserId = "" };
}

/// <summary>The settings of a variant, stored by hash so that a served list can be explained later.</summary>
/// <param name="Hash">Of the canonical form.</param>
/// <param name="Json">The canonical form.</param>
public sealed record PolicyPut(string Hash, string Json) : LogChange
{
    public override LogKind Kind => LogKind.PolicyPut;
}

/// <summary>A merchandising rule as a whole: new, in place of what was stored, or gone.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Json">Its canonical form; null: it is gone.</param>
/// <param name="By">Who changed it: the subject of the token.</param>
public sealed record RuleChange(string RuleId, string? Json, string By) : LogChange
{
    public override LogKind Kind => LogKind.RuleChange;
}

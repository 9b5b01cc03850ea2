namespace RecSys.Core.Training.Nightly;

/// <summary>What is asked of a nightly run.</summary>
public sealed record NightlyRequest
{
    /// <summary>Last received day of the window, UTC; null: the last that is closed.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The moment that counts as now; null: the clock's, and of a run that goes on its own.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary><c>lake</c> or <c>log</c>; null: the lake where it has the days, and of a run that goes on its own.</summary>
    public string? Source { get; init; }

    /// <summary>The step from which on results are made anew; null: from the first that is not finished.</summary>
    public string? FromStep { get; init; }
}

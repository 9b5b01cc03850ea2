namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>Something that red sets in motion.</summary>
internal interface IAlertAction
{
    /// <summary>Its name, in messages, history and audit.</summary>
    string Name { get; }

    /// <summary>True where it is worth doing however late: one that fails is tried again, also when the incident is over.</summary>
    bool IsMadeUpFor => false;

    /// <summary>Does it, or says why not.</summary>
    /// <returns>What came of it, in words; null where it has nothing to do with these alerts.</returns>
    Task<string?> ActAsync(RedAlert red, CancellationToken cancellationToken);
}

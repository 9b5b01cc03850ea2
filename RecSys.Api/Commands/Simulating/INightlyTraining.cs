namespace RecSys.Api.Commands.Simulating;

/// <summary>What a system does between two days of a world.</summary>
internal interface INightlyTraining
{
    /// <summary>Learns from the log of a data folder; a model that it finds good becomes champion there.</summary>
    /// <param name="dataFolder">May be served from at the same time.</param>
    /// <param name="day">The day that is closed, from 0.</param>
    /// <param name="now">The first moment after it.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<NightDecision> RunAsync(string dataFolder, int day, DateTimeOffset now, CancellationToken cancellationToken);
}

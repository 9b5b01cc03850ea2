using System.Diagnostics.Metrics;

namespace RecSys.Core.Events;

/// <summary>Meters for what runs before there is a host; listeners find them by their names, as those of a host.</summary>
public sealed class PlainMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>
/// Takes up to <see cref="Buffers"/> lists between two looks at them: one look a second makes at most so many lists a second, whatever the
/// traffic, and little traffic is seen as a whole. A request whose list is taken copies some 10 KB, all others ask once for a buffer. 80
/// KB.
/// </summary>
internal sealed class DriftSampler : IListSampler
{
    /// <summary>Lists between two looks.</summary>
    public const int Buffers = 8;

    private readonly ConcurrentQueue<ListSample> free = new();
    private readonly ConcurrentQueue<ListSample> full = new();

    public DriftSampler(FeatureCatalogue catalogue)
    {
        for (var i = 0; i < Buffers; i++) free.Enqueue(new ListSample(catalogue.Count));
    }

    public bool TryBegin([NotNullWhen(true)] out ListSample? sample) => free.TryDequeue(out sample);

    public void Take(ListSample sample) => full.Enqueue(sample);

    /// <summary>Hands over what was taken and makes room for as many.</summary>
    public void Drain(Action<ListSample> count)
    {
        for (var left = full.Count; left > 0 && full.TryDequeue(out var sample); left--)
        {
            try
            {
                count(sample);
            }
            finally
            {
                free.Enqueue(sample);
            }
        }
    }
}

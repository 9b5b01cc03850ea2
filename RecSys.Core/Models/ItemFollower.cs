using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using RecSys.Core.Events;

namespace RecSys.Core.Models;

/// <summary>
/// Keeps the models in memory up with the catalogue: an item that was put is embedded, one that was removed is found no longer, off the tail's thread. Several changes of an item
/// that waits are one, so that no more waits than there are items.
/// </summary>
internal sealed class ItemFollower(EventTail tail, LiveState state, ModelPool<ServingModel> models) : BackgroundService, IItemListener
{
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock gate = new();
    private HashSet<int> waiting = [];

    public void ItemChanged(int number)
    {
        lock (gate) waiting.Add(number);
        wake.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        tail.Listen(this);
        while (await wake.Reader.WaitToReadAsync(stoppingToken))
        {
            wake.Reader.TryRead(out _);
            HashSet<int> changed;
            lock (gate) (changed, waiting) = (waiting, []);
            foreach (var model in models.List())
            {
                if (model.State is PooledState.Retiring or PooledState.Refused || !models.TryAcquire(model.Version, out var lease)) continue;
                using (lease)
                {
                    foreach (var number in changed)
                    {
                        stoppingToken.ThrowIfCancellationRequested();
                        if (state.Catalog.IsRemoved(number)) lease.Model.RemoveItem(number);
                        else lease.Model.PutItem(number, state.Catalog[number]);
                    }
                }
            }
        }
    }
}

using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Core.Models;

/// <summary>
/// Tells every model in memory of items that come, change and go, and a model that comes later of what it missed. One change at a time; a
/// model is held while it is told, so that none is freed meanwhile. What a model fails to take in is reported, and the item stays there as
/// it was: the fold goes on.
/// </summary>
/// <param name="pool">The models.</param>
/// <param name="time">For the report, at most one a minute.</param>
/// <param name="logger">Told of failures.</param>
public sealed class LiveItems(ModelPool<ServingModel> pool, TimeProvider? time = null, ILogger<LiveItems>? logger = null) : IItemFollower
{
    private readonly RepeatedReports reports = new(time ?? TimeProvider.System, RepeatedReports.EveryMinute);
    private readonly Lock gate = new();
    private readonly ItemsAwaitingText awaiting = new();

    /// <summary>Items that some model has without the embedding of their text.</summary>
    public ItemsAwaitingText AwaitingText => awaiting;

    /// <inheritdoc/>
    public void Put(int number, Item item)
    {
        lock (gate) ForEach(model => Note(number, model.PutItem(number, item)));
    }

    /// <inheritdoc/>
    public void Removed(int number)
    {
        lock (gate) ForEach(model => model.RemoveItem(number));
    }

    /// <summary>True when some model in memory was trained with this text model.</summary>
    /// <param name="textModel">Its <see cref="TextModelHash"/>.</param>
    public bool Reads(string textModel)
    {
        var reads = false;
        ForEach(model => reads |= model.Bundle.TextModel == textModel);
        return reads;
    }

    /// <summary>
    /// The text of an item was encoded; models that were trained with the text model take it in, unless the item is gone or has another
    /// text by now.
    /// </summary>
    /// <param name="number">Of the item.</param>
    /// <param name="catalog">The items as they are now.</param>
    /// <param name="text">What was encoded.</param>
    /// <param name="embedding">Of the text.</param>
    /// <param name="textModel">Its <see cref="TextModelHash"/>.</param>
    public void TextEncoded(int number, ItemCatalog catalog, string text, float[] embedding, string textModel)
    {
        lock (gate)
        {
            if (catalog.IsRemoved(number) || catalog[number] is not { } item || ItemTexts.TextOf(item) != text) return;
            ForEach(model =>
            {
                if (model.Bundle.TextModel == textModel && model.Bundle.ItemTower?.TextDimension == embedding.Length)
                    model.PutItem(number, item, embedding);
            });
        }
    }

    /// <summary>Brings a model that is in the pool up to date with items that were numbered or changed since its bundle was made.</summary>
    /// <param name="model">The model; the caller holds a lease on it.</param>
    /// <param name="catalog">The items as they are now.</param>
    /// <param name="numbers">Which may differ from the bundle.</param>
    public void CatchUp(ServingModel model, ItemCatalog catalog, IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            // The content is read in the turn in which it is told: a change that comes meanwhile is told behind it.
            lock (gate)
            {
                if (catalog.IsRemoved(number)) model.RemoveItem(number);
                else Note(number, model.PutItem(number, catalog[number]));
            }
        }
    }

    private void Note(int number, ItemPlacement placement)
    {
        if (placement == ItemPlacement.AwaitsText) awaiting.Add(number);
    }

    private void ForEach(Action<ServingModel> tell)
    {
        foreach (var live in pool.List())
        {
            if (!pool.TryAcquire(live.Version, out var lease)) continue;
            using (lease)
            {
                try
                {
                    tell(lease.Model);
                }
                catch (Exception failure)
                {
                    if (reports.IsDue(failure, out var count)) logger?.ItemNotTaken(failure, live.Version, count);
                }
            }
        }
    }
}

using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>An embedding of title and description for every item of a catalogue.</summary>
public sealed class ItemTexts
{
    /// <param name="values">[items × dimension], row-major; the row is the item's ordinal.</param>
    /// <param name="dimension">Values per item.</param>
    public ItemTexts(float[] values, int dimension)
    {
        if (dimension < 1 || values.Length % dimension != 0)
            throw new ArgumentException($"{values.Length} values are no rows of {dimension}.", nameof(values));
        (Values, Dimension) = (values, dimension);
    }

    public float[] Values { get; }
    public int Dimension { get; }
    public int Count => Values.Length / Dimension;

    /// <summary>Encodes every item of the catalogue.</summary>
    public static ItemTexts Encode(
        BertTextEncoder encoder, ItemCatalog items, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        new(encoder.Encode([.. Enumerable.Range(0, items.Count).Select(item => TextOf(items[item]))], progress, cancellationToken),
            encoder.Dimension);

    internal static string TextOf(Item item) =>
        string.IsNullOrWhiteSpace(item.Description) ? item.Title : $"{item.Title}\n{item.Description}";
}

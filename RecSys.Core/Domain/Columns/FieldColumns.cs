namespace RecSys.Core.Domain.Columns;

/// <summary>
/// What expressions ask of items beyond the columns that the catalogue has anyway: about 24 bytes an item, 4 a tag and 8 a number among the
/// attributes. One writer, any number of readers without locks; what is read of an item that is just being replaced may be of both forms.
/// </summary>
/// <param name="maxAttributes">Attributes that have a column, those that came first; of others nothing is kept.</param>
internal sealed class FieldColumns(int maxAttributes)
{
    private Dictionary<string, AttributeColumn> attributes = new(StringComparer.Ordinal);
    private int[] tagCodes = new int[16];

    /// <summary>In the shop's currency; NaN where an item has none.</summary>
    public ValueColumn<double> Prices { get; } = new(double.NaN);

    /// <summary>Seconds; NaN where an item has none.</summary>
    public ValueColumn<double> Durations { get; } = new(double.NaN);

    /// <summary>Codes of the catalogue's creators; -1 where an item has none.</summary>
    public ValueColumn<int> Creators { get; } = new(-1);

    /// <summary>Codes of <see cref="Texts"/>.</summary>
    public CodeLists Tags { get; } = new();

    /// <summary>Every tag and every text among the attributes.</summary>
    public TextTable Texts { get; } = new();

    /// <summary>Names of the attributes that have a column.</summary>
    public IReadOnlyCollection<string> AttributeNames => Volatile.Read(ref attributes).Keys;

    /// <summary>True once an item had an attribute for which there was no column left.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Null for an attribute that no item ever had, or that came when there was no column left.</summary>
    public AttributeColumn? Attribute(string name) => Volatile.Read(ref attributes).GetValueOrDefault(name);

    /// <summary>Takes in an item, new or changed.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="item">Its content.</param>
    /// <param name="creator">Its creator's code; -1 without one.</param>
    public void Put(int number, Item item, int creator)
    {
        Prices.Set(number, item.Price is { } price && double.IsFinite(price) ? price : double.NaN);
        Durations.Set(number, item.DurationSeconds is { } seconds && double.IsFinite(seconds) ? seconds : double.NaN);
        Creators.Set(number, creator);
        if (tagCodes.Length < item.Tags.Count) tagCodes = new int[item.Tags.Count];
        for (var i = 0; i < item.Tags.Count; i++) tagCodes[i] = Texts.GetOrAdd(item.Tags[i]);
        Tags.Set(number, tagCodes.AsSpan(0, item.Tags.Count));
        foreach (var name in item.Attributes.Keys) MakeRoom(name);
        foreach (var (name, column) in attributes)
            column.Put(number, item.Attributes.TryGetValue(name, out var value) ? value : (AttributeValue?)null, Texts);
    }

    private void MakeRoom(string name)
    {
        if (attributes.ContainsKey(name)) return;
        if (attributes.Count >= maxAttributes)
        {
            IsFull = true;
            return;
        }
        // Readers may be walking the old one.
        Volatile.Write(ref attributes, new Dictionary<string, AttributeColumn>(attributes, StringComparer.Ordinal) { [name] = new() });
    }
}

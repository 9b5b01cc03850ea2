namespace RecSys.Core.Domain.Columns;

/// <summary>
/// The values of one attribute, by kind: an item's attribute has a value in one of them. A kind that no item has takes no memory.
/// </summary>
internal sealed class AttributeColumn
{
    private int kinds;

    /// <summary>NaN where an item has none.</summary>
    public ValueColumn<double> Numbers { get; } = new(double.NaN);

    /// <summary>Unix milliseconds; NaN where an item has none.</summary>
    public ValueColumn<double> Times { get; } = new(double.NaN);

    /// <summary>0 or 1; NaN where an item has none.</summary>
    public ValueColumn<double> Flags { get; } = new(double.NaN);

    /// <summary>Codes of <see cref="FieldColumns.Texts"/>; -1 where an item has none.</summary>
    public ValueColumn<int> Codes { get; } = new(-1);

    /// <summary>Codes of <see cref="FieldColumns.Texts"/>.</summary>
    public CodeLists Lists { get; } = new();

    /// <summary>Every kind that an item ever had.</summary>
    public IReadOnlyCollection<AttributeKind> Kinds => [.. Enum.GetValues<AttributeKind>().Where(Had)];

    /// <summary>True when an item ever had this kind of value.</summary>
    public bool Had(AttributeKind kind) => (kinds & 1 << (int)kind) != 0;

    /// <summary>Takes in an item's value, or that it has none.</summary>
    public void Put(int number, AttributeValue? value, TextTable texts)
    {
        var kind = value?.Kind;
        if (kind is { } had) kinds |= 1 << (int)had;
        Numbers.Set(number, kind == AttributeKind.Number ? value!.Value.Number : double.NaN);
        Times.Set(number, kind == AttributeKind.Time ? value!.Value.Time.ToUnixTimeMilliseconds() : double.NaN);
        Flags.Set(number, kind == AttributeKind.Boolean ? (value!.Value.Flag ? 1 : 0) : double.NaN);
        Codes.Set(number, kind == AttributeKind.Text ? texts.GetOrAdd(value!.Value.ToString()) : -1);
        Lists.Set(number, kind == AttributeKind.List ? [.. value!.Value.Texts.Select(texts.GetOrAdd)] : []);
    }
}

using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>
/// The named fields of one row, whatever the format, by the names that <see cref="ColumnNames"/> gave them. Absent fields and nulls are
/// null; a field of the wrong kind is a <see cref="RowException"/>.
/// </summary>
internal abstract class RecordFields
{
    internal abstract IEnumerable<string> Names { get; }

    internal abstract string? Text(string name);

    /// <summary>A text, or a whole number as its digits.</summary>
    internal abstract string? Id(string name);

    internal abstract double? Number(string name);

    internal abstract bool? Flag(string name);

    /// <summary>Empty when absent.</summary>
    internal abstract IReadOnlyList<string> List(string name);

    /// <summary>UTC.</summary>
    internal abstract DateTimeOffset? Time(string name, TimeReading times, bool dayIsEnough = false);

    /// <summary>A text, number or truth value as text.</summary>
    internal abstract string? Scalar(string name);

    /// <summary>The value as what it is, where the format tells, or as what it looks like (<see cref="AttributeValue.Infer"/>).</summary>
    internal abstract AttributeValue? Attribute(string name);

    /// <summary>True when the values of a rating stand in the field <c>value</c>, so that rows without a type are ratings.</summary>
    internal abstract bool HoldsRatings { get; }

    internal int? Whole(string name) => Number(name) is { } number ? FieldText.Whole(number, name) : null;
}

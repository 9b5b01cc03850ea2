using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>Fields of a CSV row: everything is text, an empty field is absent, lists are separated by <c>|</c>.</summary>
internal sealed class CsvFields(TableRow row, bool holdsRatings) : RecordFields
{
    internal override IEnumerable<string> Names => row.Columns;

    internal override bool HoldsRatings => holdsRatings;

    internal override string? Text(string name) => row.Text(name);

    internal override string? Id(string name) => row.Text(name);

    internal override double? Number(string name) => row.Number(name);

    internal override bool? Flag(string name) => row.Text(name) is { } text ? FieldText.Flag(text, name) : null;

    internal override IReadOnlyList<string> List(string name) => row.Text(name)?.Split('|', StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal override DateTimeOffset? Time(string name, TimeReading times, bool dayIsEnough = false) =>
        row.Text(name) is { } text ? times.Read(text, name, dayIsEnough) : null;

    internal override string? Scalar(string name) => row.Text(name);

    internal override AttributeValue? Attribute(string name) =>
        row.Text(name) is { } text ? AttributeValue.Infer(text) : (AttributeValue?)null;
}

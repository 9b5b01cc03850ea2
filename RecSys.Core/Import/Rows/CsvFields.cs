using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>Fields of a CSV row: everything is text, an empty field is absent, lists are separated by <c>|</c>.</summary>
/// <param name="row">The row.</param>
/// <param name="separator">Of the columns.</param>
/// <param name="numbers">Reads them, and tells of decimal commas.</param>
/// <param name="holdsRatings">See <see cref="RecordFields.HoldsRatings"/>.</param>
internal sealed class CsvFields(TableRow row, char separator, NumberReading numbers, bool holdsRatings) : RecordFields
{
    internal override IEnumerable<string> Names => row.Columns;

    internal override bool HoldsRatings => holdsRatings;

    internal override string? Text(string name) => row.Text(name);

    internal override string? Id(string name) => row.Text(name);

    internal override double? Number(string name) => row.Text(name) is { } text ? numbers.Read(text, name, separator) : null;

    internal override bool? Flag(string name) => row.Text(name) is { } text ? FieldText.Flag(text, name) : null;

    internal override IReadOnlyList<string> List(string name) => Given(name)?.Split('|', StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal override DateTimeOffset? Time(string name, TimeReading times, bool dayIsEnough = false) =>
        row.Text(name) is { } text && !NoValue.IsTyped(text) ? times.Read(text, name, dayIsEnough) : null;

    internal override string? Scalar(string name) => Given(name);

    internal override AttributeValue? Attribute(string name) =>
        Given(name) is { } text ? AttributeValue.Infer(text) : (AttributeValue?)null;

    private string? Given(string name) => row.Text(name) is { } text && !NoValue.IsText(text) ? text : null;
}

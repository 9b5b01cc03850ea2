using System.Globalization;
using System.Text.RegularExpressions;

namespace RecSys.Core.Import.Rows;

/// <summary>
/// Reads the numbers of tables. Where columns are not separated by commas, a comma may be the sign in front of the decimals, as in
/// <c>3,50</c>; <c>1,234</c> may be two numbers and is refused. Counts what it met, so that the import can say what it took them for.
/// </summary>
internal sealed partial class NumberReading
{
    private long commas;
    private string example = "";

    /// <summary>How many decimal commas there were, with an example, in a sentence; null for none.</summary>
    internal string? Found => commas == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{commas:#,0} numbers have a decimal comma, such as {example}");

    /// <summary>The number, or null for a word that says that there is none.</summary>
    /// <param name="text">As it stands in the file.</param>
    /// <param name="field">For the message.</param>
    /// <param name="separator">Of the columns.</param>
    /// <exception cref="RowException">It is no number, or one that can be read in two ways.</exception>
    internal double? Read(string text, string field, char separator)
    {
        if (separator == ',' || !DecimalComma().IsMatch(text)) return FieldText.Number(text, field);
        var number = FieldText.Number(text.Replace(',', '.'), field);
        if (commas++ == 0) example = string.Create(CultureInfo.InvariantCulture, $"{field} '{text}' for {number}");
        return number;
    }

    // Three digits behind the comma may be thousands, unless nothing but a zero stands before it.
    [GeneratedRegex(@"^[+-]?(0,\d+|\d+,(\d{1,2}|\d{4,}))$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();
}

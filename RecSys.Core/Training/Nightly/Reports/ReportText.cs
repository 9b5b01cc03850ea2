using static System.FormattableString;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>How a report writes figures and sentences.</summary>
internal static class ReportText
{
    public static string Number(double value) => double.IsFinite(value) ? Invariant($"{value:0.0000}") : "–";

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}

using System.Globalization;
using RecSys.Core.Storage.Lake;

namespace RecSys.Api.Commands.Lake;

/// <summary>Days of the lake as a table.</summary>
internal static class LakePrinting
{
    internal static void Print(TextWriter output, IReadOnlyList<LakeManifest> days)
    {
        if (days.Count == 0) return;
        output.WriteLine($"{"day",-10}  {"table",-6}  {"positions",-25}  {"entries",13}  {"rows",13}  {"files",5}  {"MB",9}  kinds");
        foreach (var day in days)
        {
            var positions = day.FirstPosition is { } first
                ? string.Create(CultureInfo.InvariantCulture, $"{first}-{day.LastPosition}") : "";
            var kinds = string.Join(", ", day.RowsByKind.Select(kind =>
                string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value:#,0}")));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{day.Day:yyyy-MM-dd}  {day.Table.ToString().ToLowerInvariant(),-6}  {positions,-25}  {day.Entries,13:#,0}  "
                    + $"{day.Rows,13:#,0}  {day.Files.Count,5}  {day.Bytes / 1048576.0,9:0.0}  {kinds}"));
        }
    }
}

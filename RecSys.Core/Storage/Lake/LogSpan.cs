namespace RecSys.Core.Storage.Lake;

/// <summary>Positions of the log for which the lake has no days.</summary>
/// <param name="Before">The day before; null when the span begins with the log.</param>
/// <param name="Through">Last day to write.</param>
/// <param name="Last">Last position that may be written.</param>
internal sealed record LogSpan(LakeManifest? Before, DateOnly Through, long Last)
{
    internal long First => Before?.LastPosition + 1 ?? 1;
}

namespace RecSys.Core.Events;

/// <summary>What a state snapshot consists of.</summary>
/// <param name="Format">Version of this form.</param>
/// <param name="Epoch">Epoch of the log.</param>
/// <param name="Position">Everything up to here is in it.</param>
/// <param name="Received">When the store took the entry at the position.</param>
/// <param name="Parts">Its files.</param>
internal sealed record SnapshotManifest(int Format, long Epoch, long Position, DateTimeOffset Received, IReadOnlyList<SnapshotPart> Parts)
{
    public const int CurrentFormat = 1;
}

/// <summary>One file of a snapshot.</summary>
/// <param name="Name">Name of the part; the file is called so, with <c>.bin</c>.</param>
/// <param name="Version">Version of the part's form.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Checksum">CRC-32C of the content.</param>
internal sealed record SnapshotPart(string Name, int Version, long Bytes, uint Checksum);

using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>
/// The two files of a past that replays begin with: counters of items and the whole in the form of <see cref="SnapshotFormat"/>, and users
/// in checksummed blocks, each with the state in the form of <see cref="UserState.Write(Span{byte})"/> and what the user has had.
/// </summary>
internal static class PastFiles
{
    /// <summary>Raised when the form of the users' file changes; others are refused.</summary>
    public const int UsersVersion = 1 << 16 | UserState.FormatVersion;

    private const int BlockBytes = 1 << 20;
    private const int Buffer = 1 << 20;

    private static ReadOnlySpan<byte> UsersName => "RSPASTU\n"u8;

    /// <summary>Writes both; files that are there are replaced.</summary>
    public static void Write(PastState state, string features, string users, CancellationToken ct)
    {
        using (var file = Create(features))
        using (var snapshot = state.Features.BeginSnapshot(state.Position))
            snapshot.WriteTo(file, ct);
        using (var file = Create(users)) WriteUsers(state, file, ct);
    }

    /// <summary>Fills a state without users with those of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets id, state and what the user has had, in the order of the file; what it does not read costs little.</param>
    /// <param name="ct">Stops between blocks.</param>
    /// <returns>By number: items with an event.</returns>
    /// <exception cref="RecSysException">It is damaged, cut off or of another version.</exception>
    public static bool[] ReadUsers(string path, PastUser take, CancellationToken ct)
    {
        using var file = Open(path);
        var from = new CheckedReader(file, path, UsersName, UsersVersion);
        var counts = from.Numbers(2);
        var met = new byte[from.Within(counts[1], int.MaxValue, "the number of items")];
        from.Block(met.AsSpan());
        for (var left = from.Within(counts[0], int.MaxValue, "the number of users"); left > 0;)
        {
            ct.ThrowIfCancellationRequested();
            var sizes = from.Numbers(2);
            var bytes = new byte[from.Within(sizes[1], int.MaxValue, "the size of a block")];
            from.Block(bytes.AsSpan());
            var users = from.Within(sizes[0], left, "the number of users of a block");
            if (users == 0) throw from.Refusal("a block is empty");
            ReadBlock(from, bytes, users, take);
            left -= users;
        }
        return Array.ConvertAll(met, each => each != 0);
    }

    /// <summary>Counters of items and the whole, without users.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">Empty; its facts stay as they are.</param>
    /// <exception cref="RecSysException">It is damaged or of another version.</exception>
    public static void ReadFeatures(string path, FeatureState state)
    {
        using var file = Open(path);
        FeatureSnapshot.Read(file, state);
    }

    internal static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, Buffer);

    internal static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer);

    private static void WriteUsers(PastState state, Stream stream, CancellationToken ct)
    {
        var to = new CheckedWriter(stream, UsersName, UsersVersion);
        var users = 0;
        for (var i = 0; i < state.Ordinals; i++) users += state.UserAt(i).State is null ? 0 : 1;
        var last = Array.LastIndexOf(state.ItemsMet, true);
        to.Numbers(users, last + 1);
        to.Block<byte>(Array.ConvertAll(state.ItemsMet[..(last + 1)], each => (byte)(each ? 1 : 0)));
        using var block = new MemoryStream(BlockBytes + UserState.MaxByteCount);
        using var writer = new BinaryWriter(block, Encoding.UTF8);
        var bytes = new byte[UserState.MaxByteCount];
        var inBlock = 0;
        for (var i = 0; i < state.Ordinals; i++)
        {
            var (id, folded, had) = state.UserAt(i);
            if (folded is null) continue;
            writer.Write(id);
            var length = folded.Write(bytes);
            writer.Write7BitEncodedInt(length);
            writer.Write(bytes, 0, length);
            writer.Write7BitEncodedInt(had?.Count ?? 0);
            foreach (var cell in had is null ? [] : had.Cells) writer.Write(cell);
            inBlock++;
            if (block.Length < BlockBytes) continue;
            ct.ThrowIfCancellationRequested();
            Flush();
        }
        if (inBlock > 0) Flush();

        void Flush()
        {
            to.Numbers(inBlock, block.Length);
            to.Block<byte>(block.GetBuffer().AsSpan(0, (int)block.Length));
            block.SetLength(0);
            inBlock = 0;
        }
    }

    private static void ReadBlock(CheckedReader from, byte[] bytes, int users, PastUser take)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            for (var i = 0; i < users; i++)
            {
                var id = reader.ReadString();
                var length = reader.Read7BitEncodedInt();
                var state = bytes.AsSpan((int)reader.BaseStream.Position, length);
                reader.BaseStream.Position += length;
                var had = new int[reader.Read7BitEncodedInt()];
                for (var at = 0; at < had.Length; at++) had[at] = reader.ReadInt32();
                take(id, state, had);
            }
        }
        catch (Exception damage) when (damage is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw from.Refusal("a user is cut off");
        }
    }

    /// <summary>Gets a user of a file.</summary>
    /// <param name="id">Who.</param>
    /// <param name="state">For <see cref="UserState.Read"/>.</param>
    /// <param name="had">For <see cref="TurnedTo.Of"/>.</param>
    internal delegate void PastUser(string id, ReadOnlySpan<byte> state, int[] had);
}

using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Indexes and true neighbours of earlier runs of <c>bench retrieval</c>, in a folder of one's own. Names say items, kind and recall.
/// </summary>
internal static class RetrievalCache
{
    public static BuiltIndex? Load(string? folder, int items, RetrievalOptions options)
    {
        if (folder is null || !File.Exists(Name(folder, items, options) + ".json")) return null;
        var note = JsonSerializer.Deserialize<Note>(File.ReadAllText(Name(folder, items, options) + ".json"))!;
        var native = NativeIndex.Read(FaissApi.Load(options.FaissLibrary), Name(folder, items, options) + ".faiss", map: false);
        return new BuiltIndex(new FaissIndex(native, note.Kind), note.Kind, "kept from an earlier run", note.BuildSeconds, note.Parameter,
            note.Curve, note.Chosen, note.Shortfall);
    }

    public static void Save(string? folder, int items, RetrievalOptions options, BuiltIndex built)
    {
        if (folder is null || File.Exists(Name(folder, items, options) + ".json")) return;
        Directory.CreateDirectory(folder);
        ((FaissIndex)built.Index).Native.Save(Name(folder, items, options) + ".faiss");
        // Last, because it is what a later run looks for.
        File.WriteAllText(Name(folder, items, options) + ".json", JsonSerializer.Serialize(
            new Note(built.Kind, built.BuildSeconds, built.Parameter, built.Curve, built.Chosen, built.Shortfall)));
    }

    public static ExactNeighbours? LoadTruth(string? folder, int items, int users)
    {
        if (folder is null || !File.Exists(Truth(folder, items))) return null;
        var all = MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(Truth(folder, items))).ToArray();
        var k = all.Length / users;
        return new ExactNeighbours([.. all.Chunk(k)], k);
    }

    public static void SaveTruth(string? folder, int items, ExactNeighbours truth)
    {
        if (folder is null || File.Exists(Truth(folder, items))) return;
        Directory.CreateDirectory(folder);
        using var file = File.Create(Truth(folder, items));
        for (var q = 0; q < truth.Queries; q++) file.Write(MemoryMarshal.AsBytes(truth.Of(q)));
    }

    private static string Name(string folder, int items, RetrievalOptions options) =>
        Path.Combine(folder, FormattableString.Invariant($"{items}-{options.Index}-{options.TargetRecall}"));

    private static string Truth(string folder, int items) => Path.Combine(folder, FormattableString.Invariant($"{items}.truth"));

    private sealed record Note(string Kind, double BuildSeconds, string? Parameter, IReadOnlyList<OperatingPoint> Curve,
        OperatingPoint? Chosen, string? Shortfall);
}

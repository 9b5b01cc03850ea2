using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Nightly.Fitting;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Fresh towers as files of the forms that a bundle has.</summary>
internal static class TowerFiles
{
    /// <summary>Names of the files, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Names(TwoTowerModel towers, NeighbourSource? neighbours) =>
    [
        BundleFiles.ItemEmbeddings, BundleFiles.UserTower, BundleFiles.Transitions,
        .. neighbours is null ? [] : (string[])[BundleFiles.Neighbours],
        .. towers.ItemTower is null ? [] : (string[])[BundleFiles.ItemTower],
        .. towers.Ids is null ? [] : (string[])[BundleFiles.IdVectors],
    ];

    public static async Task WriteAsync(string folder, FittedTowers fitted, CancellationToken ct)
    {
        var (towers, transitions, neighbours) = fitted;
        await using (var file = File.Create(Path.Combine(folder, BundleFiles.ItemEmbeddings), 1 << 20, FileOptions.Asynchronous))
        {
            const int part = 1 << 20;
            for (var start = 0; start < towers.ItemEmbeddings.Length; start += part)
            {
                var some = towers.ItemEmbeddings.AsSpan(start, Math.Min(part, towers.ItemEmbeddings.Length - start));
                await file.WriteAsync(MemoryMarshal.AsBytes(some).ToArray(), ct);
            }
        }
        towers.UserTower.Save(Path.Combine(folder, BundleFiles.UserTower));
        ItemTableFile.Save(transitions, Path.Combine(folder, BundleFiles.Transitions));
        if (neighbours is not null) ItemTableFile.Save(neighbours.Table, Path.Combine(folder, BundleFiles.Neighbours));
        towers.ItemTower?.Save(Path.Combine(folder, BundleFiles.ItemTower));
        if (towers.Ids is { } ids) await IdVectors.SaveAsync(Path.Combine(folder, BundleFiles.IdVectors), ids, ct);
    }

    /// <param name="folder">Where they lie.</param>
    /// <param name="header">What is known beside the weights.</param>
    /// <param name="items">Items of the catalogue that they were trained on.</param>
    /// <exception cref="RecSysException">A file is missing or damaged.</exception>
    public static FittedTowers Read(string folder, TowersFile header, int items)
    {
        string? Optional(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
        var user = UserTower.Load(Path.Combine(folder, BundleFiles.UserTower));
        var embeddings = new float[checked(items * user.Dimension)];
        using (var file = File.OpenRead(Path.Combine(folder, BundleFiles.ItemEmbeddings)))
            file.ReadExactly(MemoryMarshal.AsBytes(embeddings.AsSpan()));
        var towers = new TwoTowerModel
        {
            ItemEmbeddings = embeddings,
            UserTower = user,
            ItemTower = Optional(BundleFiles.ItemTower) is { } item ? ItemTower.Load(item) : null,
            Ids = Optional(BundleFiles.IdVectors) is { } ids ? IdVectors.ReadTable(ids, items, user.Dimension) : null,
            BestEpoch = header.BestEpoch,
            Epochs = [header.BestEpoch],
            Settings = header.Settings,
            Temperature = header.Temperature,
            Used = header.Used,
        };
        return new FittedTowers(towers, ItemTableFile.Load(Path.Combine(folder, BundleFiles.Transitions), items),
            Optional(BundleFiles.Neighbours) is { } neighbours
                ? new NeighbourSource(ItemTableFile.Load(neighbours, items), header.NeighbourShare) : null);
    }
}

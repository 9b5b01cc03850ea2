using System.Globalization;
using System.Numerics;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Settings of the towers that hang on how much a log tells of each item, where <see cref="TwoTowerOptions"/> leaves them open. A dense log
/// has enough targets for its epochs. A sparse one, such as a shop's with as many items as users, ends after a few hundred steps, when the
/// ids still are about as they were drawn: it gets smaller batches, more epochs, which validation ends, and ids that start near zero, so
/// that an item is what its neighbours made of it and not what chance did; and since each entry is met so often, more dropout and a softer
/// softmax against learning them by heart.
/// </summary>
internal static class TowerDefaults
{
    /// <summary>Entries per used item below which a log is sparse.</summary>
    public const double SparseBelow = 20;

    private const int LeastBatchSize = 128;
    private const int StepsPerEpoch = 100;

    private static readonly TwoTowerOptions sparse =
        new() { MaxEpochs = 40, Patience = 5, Dropout = 0.5, Temperature = 0.1, IdScale = 0.05 };

    /// <summary>What a dense log gets.</summary>
    public static TwoTowerOptions Dense { get; } =
        new() { MaxEpochs = 12, Patience = 3, Dropout = 0.2, Temperature = 0.06, IdScale = 0.5, BatchSize = 2048 };

    /// <summary>Fills in what is left open.</summary>
    /// <param name="given">What is set stays.</param>
    /// <param name="targets">Entries that training predicts in an epoch.</param>
    /// <param name="items">Different items among them.</param>
    public static TwoTowerOptions Complete(TwoTowerOptions given, long targets, int items) =>
        Complete(given, IsSparse(targets, items) ? sparse with { BatchSize = BatchFor(targets) } : Dense);

    /// <summary>Fills in from a row of the table.</summary>
    public static TwoTowerOptions Complete(TwoTowerOptions given, TwoTowerOptions row) => given with
    {
        MaxEpochs = given.MaxEpochs ?? row.MaxEpochs,
        BatchSize = given.BatchSize ?? row.BatchSize,
        Patience = given.Patience ?? row.Patience,
        Dropout = given.Dropout ?? row.Dropout,
        Temperature = given.Temperature ?? row.Temperature,
        IdScale = given.IdScale ?? row.IdScale,
    };

    /// <summary>One line that says what was chosen and why.</summary>
    public static string Describe(TwoTowerOptions completed, long targets, int items) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(items == 0 ? 0 : targets / (double)items):0.0} entries an item, {(IsSparse(targets, items) ? "sparse" : "dense")}: at most "
            + $"{completed.MaxEpochs} epochs, patience {completed.Patience}, batches of {completed.BatchSize}, dropout "
            + $"{completed.Dropout}, temperature {completed.Temperature}, ids start at {completed.IdScale}");

    /// <summary>True where the log tells little of each item.</summary>
    /// <param name="targets">Entries that training predicts in an epoch.</param>
    /// <param name="items">Different items among them.</param>
    public static bool IsSparse(long targets, int items) => targets < SparseBelow * items;

    // The largest power of two that makes at least a hundred steps an epoch.
    private static int BatchFor(long targets) =>
        (int)Math.Clamp(1L << BitOperations.Log2((ulong)Math.Max(1, targets / StepsPerEpoch)), LeastBatchSize, Dense.BatchSize!.Value);
}

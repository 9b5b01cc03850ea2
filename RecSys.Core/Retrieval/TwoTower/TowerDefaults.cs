using System.Globalization;
using System.Numerics;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Settings of the towers that hang on how much a log tells of each item, where <see cref="TwoTowerOptions"/> leaves them open. A dense log
/// has enough targets for its epochs. A sparse one, such as a shop's with as many items as users, ends after a few hundred steps, when the
/// ids still are about as they were drawn: it gets smaller batches, more epochs, which validation ends, and ids that start near zero, so that
/// an item is what its neighbours made of it and not what chance did.
/// </summary>
internal static class TowerDefaults
{
    /// <summary>Entries per used item below which a log is sparse.</summary>
    public const double SparseBelow = 20;

    public const int DenseEpochs = 12;
    public const int DenseBatchSize = 2048;
    public const double DenseIdScale = 0.5;

    private const int SparseEpochs = 40;
    private const int LeastBatchSize = 128;
    private const int StepsPerEpoch = 100;
    private const double SparseIdScale = 0.05;

    /// <summary>Fills in what is left open.</summary>
    /// <param name="given">What is set stays.</param>
    /// <param name="targets">Entries that training predicts in an epoch.</param>
    /// <param name="items">Different items among them.</param>
    public static TwoTowerOptions Complete(TwoTowerOptions given, long targets, int items)
    {
        var sparse = targets < SparseBelow * items;
        return given with
        {
            MaxEpochs = given.MaxEpochs ?? (sparse ? SparseEpochs : DenseEpochs),
            BatchSize = given.BatchSize ?? (sparse ? BatchFor(targets) : DenseBatchSize),
            IdScale = given.IdScale ?? (sparse ? SparseIdScale : DenseIdScale),
        };
    }

    /// <summary>One line that says what was chosen and why.</summary>
    public static string Describe(TwoTowerOptions completed, long targets, int items) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(items == 0 ? 0 : targets / (double)items):0.0} entries an item, {(targets < SparseBelow * items ? "sparse" : "dense")}: at most "
            + $"{completed.MaxEpochs} epochs, batches of {completed.BatchSize}, ids start at {completed.IdScale}");

    // The largest power of two that makes at least a hundred steps an epoch.
    private static int BatchFor(long targets) =>
        (int)Math.Clamp(1L << BitOperations.Log2((ulong)Math.Max(1, targets / StepsPerEpoch)), LeastBatchSize, DenseBatchSize);
}

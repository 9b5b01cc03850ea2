using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>One optimiser step's input, made on the processor. Items are addressed by their place in <see cref="Items"/>.</summary>
internal sealed record TowerBatch
{
    /// <summary>Ordinals of all items that need a vector; the first <see cref="CandidateCount"/> are scored by the softmax.</summary>
    public required int[] Items { get; init; }

    public required int CandidateCount { get; init; }

    /// <summary>Logarithm of each candidate's chance to be one, [candidates]; null when all items are candidates.</summary>
    public required Tensor? LogInclusion { get; init; }

    /// <summary>Shares of the batch that are worked through side by side; at least one, none without a target.</summary>
    public required TowerBatchPart[] Parts { get; init; }

    public long TargetCount => Parts.Sum(part => part.Targets.shape[0]);

    /// <summary>The same with every tensor on the device.</summary>
    public TowerBatch To(Device device) => this with { LogInclusion = LogInclusion?.Send(device), Parts = Array.ConvertAll(Parts, part => part.To(device)) };
}

/// <param name="Targets">Place of every target among the candidates, int64 [targets].</param>
/// <param name="Entries">Places of the windows' entries, the number of items where there is none; int64 [windows, entries].</param>
/// <param name="Rows">Positions that predict the targets among windows x (entries + 1), int64 [targets].</param>
/// <param name="Buckets">Profile buckets of all targets, int64.</param>
/// <param name="Offsets">Where each target's buckets begin, int64 [targets].</param>
internal sealed record TowerBatchPart(Tensor Targets, Tensor Entries, Tensor Rows, Tensor Buckets, Tensor Offsets)
{
    /// <summary>The same with every tensor on the device.</summary>
    public TowerBatchPart To(Device device) =>
        new(Targets.Send(device), Entries.Send(device), Rows.Send(device), Buckets.Send(device), Offsets.Send(device));
}

using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>One optimiser step's input, made on the processor. Items are addressed by their place in <see cref="Items"/>.</summary>
internal sealed record TowerBatch
{
    /// <summary>Ordinals of all items that need a vector; the first <see cref="CandidateCount"/> are scored by the softmax.</summary>
    public required int[] Items { get; init; }

    public required int CandidateCount { get; init; }

    /// <summary>Place of every target among the candidates, int64 [targets].</summary>
    public required Tensor Targets { get; init; }

    /// <summary>Places of the windows' entries, the number of items where there is none; int64 [windows, entries].</summary>
    public required Tensor Entries { get; init; }

    /// <summary>Positions that predict the targets among windows x (entries + 1), int64 [targets].</summary>
    public required Tensor Rows { get; init; }

    /// <summary>Profile buckets of all targets, int64.</summary>
    public required Tensor Buckets { get; init; }

    /// <summary>Where each target's buckets begin, int64 [targets].</summary>
    public required Tensor Offsets { get; init; }

    /// <summary>Logarithm of each candidate's chance to be one, [candidates]; null when all items are candidates.</summary>
    public required Tensor? LogInclusion { get; init; }

    /// <summary>The same with every tensor on the device.</summary>
    public TowerBatch To(Device device) => this with
    {
        Targets = Targets.Send(device), Entries = Entries.Send(device), Rows = Rows.Send(device),
        Buckets = Buckets.Send(device), Offsets = Offsets.Send(device), LogInclusion = LogInclusion?.Send(device),
    };
}

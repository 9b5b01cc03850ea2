namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>Settings of <see cref="ItemNeighbours"/> and of the votes for them; the defaults suit movie- and video-like
/// catalogues.</summary>
public sealed record ItemKnnOptions
{
    /// <summary>Neighbours kept per item.</summary>
    public int Neighbours { get; init; } = 200;

    /// <summary>Similarities of pairs seen together by n users are multiplied by n / (n + shrinkage), which tames rare pairs.</summary>
    public double Shrinkage { get; init; } = 10;

    /// <summary>Latest entries of a user's history that vote.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>The vote of an entry halves every this many entries back from the latest; positive infinity for equal votes.</summary>
    public double HistoryHalfLife { get; init; } = 2;

    /// <summary>Latest entries of a user's training sequence that are paired; bounds the work of very active users.</summary>
    public int PairedLength { get; init; } = 500;

    /// <summary>
    /// A pair whose entries are d places apart in the sequence counts 2^(-d / this); positive infinity counts all pairs of a user alike.
    /// </summary>
    public double PairHalfLife { get; init; } = double.PositiveInfinity;
}

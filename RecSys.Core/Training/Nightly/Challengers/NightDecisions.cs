using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Challengers;

/// <summary>What the gate made of each challenger of a night.</summary>
internal sealed class NightDecisions
{
    /// <param name="all">In the order of the night.</param>
    public NightDecisions(IReadOnlyList<(Challenger Challenger, GateFile Gate)> all)
    {
        All = all;
        (Challenger Challenger, GateFile Gate)[] passed =
            [.. all.Where(one => one.Gate.Passed).OrderByDescending(one => one.Gate.LeastGain ?? double.NegativeInfinity)];
        Passed = [.. passed.Select(one => one.Challenger)];
        Rule = passed.Length > 0 ? passed[0].Gate.Verdict : null;
    }

    /// <summary>In the order of the night.</summary>
    public IReadOnlyList<(Challenger Challenger, GateFile Gate)> All { get; }

    /// <summary>Those that passed: the one that gains most surely first, of equals in the order of the night.</summary>
    public IReadOnlyList<Challenger> Passed { get; }

    /// <summary>What is refitted and, where the rollout says so, promoted; null where none passed.</summary>
    public Challenger? Best => Passed.Count > 0 ? Passed[0] : null;

    /// <summary>The rule by which <see cref="Best"/> passed; null where none did.</summary>
    public GateVerdict? Rule { get; }

    /// <summary>Out of the files of the step <c>gate</c>.</summary>
    public static async Task<NightDecisions> ReadAsync(NightContext night, CancellationToken ct)
    {
        var all = new List<(Challenger, GateFile)>();
        foreach (var challenger in night.Challengers)
            all.Add((challenger, await NightJson.ReadAsync<GateFile>(night.Folder[challenger[NightFiles.Gate]], ct)));
        return new NightDecisions(all);
    }
}

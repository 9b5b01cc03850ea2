using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>What a policy would have earned in the place of the one that served, by the log of the latter; see
/// <see cref="OffPolicyEvaluation"/>.</summary>
public static class PolicyJudging
{
    public const string Protocol = "off-policy";
    public const string Uniform = "uniform";
    public const string Popular = "popular";

    /// <param name="logs">Of one scenario, one per policy.</param>
    /// <param name="behaviour">The policy whose log it is judged by.</param>
    /// <param name="target">The judged one: a policy with a log of its own, or <see cref="Uniform"/> or <see cref="Popular"/>.</param>
    /// <param name="options">See <see cref="OffPolicyOptions"/>.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="RecSysException">A policy has no log, or the log cannot be used.</exception>
    public static PolicyJudgement Run(
        IReadOnlyList<PolicyLog> logs, string behaviour, string target, OffPolicyOptions options, CancellationToken cancellationToken)
    {
        var log = Find(logs, behaviour);
        var own = logs.FirstOrDefault(each => each.Policy == target);
        IReadOnlyList<PlacedDecision> judged = log.Decisions;
        PlacePolicy policy;
        if (own is not null)
        {
            policy = PlacePolicy.Served(own);
        }
        else if (target == Uniform)
        {
            policy = PlacePolicy.Uniform(log.Decisions);
        }
        else if (target == Popular)
        {
            // What it learns from must not be what it is judged by.
            var ordered = log.Decisions.OrderBy(decision => decision.TimeMs).ToList();
            policy = PlacePolicy.Popular(ordered[..(ordered.Count / 2)]);
            judged = ordered[(ordered.Count / 2)..];
        }
        else
        {
            throw Unknown(logs, target);
        }
        var decisions = Decisions(judged, policy, options.Cluster);
        var report = OffPolicyEvaluation.Run(decisions, options, cancellationToken);
        Estimate? truth = own is null ? null : OffPolicyEvaluation.Run(OnPolicy(own, options.Cluster), options, cancellationToken).LoggedValue;
        return new PolicyJudgement(log.Scenario, behaviour, target, policy.Source, report, truth);
    }

    /// <summary>The decisions with the judged policy's probabilities and, from the other half of the requests, predicted rewards.</summary>
    internal static LoggedDecision[] Decisions(IReadOnlyList<PlacedDecision> log, PlacePolicy policy, OffPolicyCluster cluster)
    {
        // A model that has seen a decision's own reward would be too sure of it.
        SmoothedClicks[] models = [.. Enumerable.Range(0, 2).Select(fold => new SmoothedClicks(log.Where(each => Fold(each) != fold)))];
        var expected = new Dictionary<(int Place, int Fold), double>();
        var decisions = new LoggedDecision[log.Count];
        for (var i = 0; i < decisions.Length; i++)
        {
            var decision = log[i];
            var fold = Fold(decision);
            if (!expected.TryGetValue((decision.Place, fold), out var value))
            {
                value = policy.At(decision.Place).Sum(each => each.Probability * models[fold].Of(decision.Place, each.Item));
                expected[(decision.Place, fold)] = value;
            }
            decisions[i] = new LoggedDecision(
                decision.Reward, decision.Propensity, policy.Of(decision.Place, decision.Item),
                models[fold].Of(decision.Place, decision.Item), value, ClusterOf(decision, cluster));
        }
        return decisions;
    }

    private static LoggedDecision[] OnPolicy(PolicyLog log, OffPolicyCluster cluster) =>
        [.. log.Decisions.Select(each => new LoggedDecision(each.Reward, 1, 1, null, null, ClusterOf(each, cluster)))];

    private static long ClusterOf(in PlacedDecision decision, OffPolicyCluster cluster) =>
        cluster == OffPolicyCluster.User ? decision.User : decision.Request;

    private static int Fold(in PlacedDecision decision) => (int)((ulong)decision.Request >> 32 & 1);

    private static PolicyLog Find(IReadOnlyList<PolicyLog> logs, string policy) =>
        logs.FirstOrDefault(each => each.Policy == policy) ?? throw Unknown(logs, policy);

    private static RecSysException Unknown(IReadOnlyList<PolicyLog> logs, string policy) => new(
        $"No list of the policy {policy} is stored{(logs is [var one, ..] ? $" in scenario '{one.Scenario}'" : "")}. There are lists of: "
            + $"{(logs.Count == 0 ? "none" : string.Join(", ", logs.Select(each => each.Policy)))}; {Uniform} and {Popular} can be judged "
            + "without.");
}

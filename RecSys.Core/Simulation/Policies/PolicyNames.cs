using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Core.Simulation.Policies;

/// <summary>Policies by their names on the command line.</summary>
public static class PolicyNames
{
    /// <summary>All names, for messages.</summary>
    public const string All = "random, popular, click, satisfaction, revenue, mix:SHARE (of satisfaction beside clicks) or "
        + "explore:EPSILON:POLICY";

    /// <summary>A new policy, which has learnt nothing.</summary>
    /// <exception cref="RecSysException">No policy has this name, or a share is not between 0 and 1.</exception>
    public static IServingPolicy Create(string name)
    {
        var parts = name.Split(':', 3);
        return parts switch
        {
            ["random"] => new RandomPolicy(),
            ["popular"] => new PopularPolicy(),
            ["click"] => new OraclePolicy(name, Objective.Clicks),
            ["satisfaction"] => new OraclePolicy(name, Objective.OfSatisfaction),
            ["revenue"] => new OraclePolicy(name, Objective.OfRevenue),
            ["mix", var share] => new OraclePolicy(name, new Objective(1 - Share(share), Share(share), 0)),
            ["explore", var epsilon, "random" or "explore"] =>
                throw new RecSysException($"{name}: explore stands around a policy that does not draw itself, such as "
                    + $"explore:{epsilon}:click."),
            ["explore", var epsilon, var inner] when Share(epsilon) > 0 && !inner.StartsWith("explore:", StringComparison.Ordinal) =>
                new ExploringPolicy(Create(inner), Share(epsilon)),
            _ => throw new RecSysException($"There is no policy \"{name}\"; take {All}."),
        };

        double Share(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 ? value
            : throw new RecSysException($"{name}: {text} must be a number from 0 to 1, such as 0.1.");
    }
}

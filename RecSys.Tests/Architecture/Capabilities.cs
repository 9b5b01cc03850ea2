using System.Reflection;
using NetArchTest.Rules;
using RecSys.Core.Domain;

namespace RecSys.Tests.Architecture;

/// <summary>Which capability of Core may use which. A new folder needs a line here, with the decision where it stands.</summary>
internal static class Capabilities
{
    private const string Root = "RecSys.Core.";

    private static readonly string[] Foundations = ["Domain", "Storage", "Caching", "Events", "Features", "Retrieval", "Ranking"];

    /// <summary>Direct and complete: what is not named is forbidden.</summary>
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        ["Domain"] = [],
        ["Storage"] = ["Domain"],
        ["Caching"] = ["Domain", "Storage"],
        ["Features"] = ["Domain"],
        ["Retrieval"] = ["Domain"],
        ["Expressions"] = ["Domain"],
        ["Merchandising"] = ["Domain", "Expressions"],
        ["Ranking"] = ["Domain"],
        ["Events"] = ["Domain", "Storage", "Caching", "Features", "Merchandising"],
        ["Import"] = ["Domain", "Storage"],
        ["Simulation"] = ["Domain", "Storage"],
        ["Models"] = Foundations,
        ["Pipeline"] = [.. Foundations, "Models", "Expressions", "Merchandising"],
        ["Recommendations"] = [.. Foundations, "Models", "Expressions", "Merchandising", "Pipeline"],
        ["Evaluation"] = [.. Foundations, "Models"],
        ["Experiments"] = [.. Foundations, "Models"],
        ["Monitoring"] = [.. Foundations, "Models"],
        ["Training"] = [.. Foundations, "Models", "Evaluation"],
    };

    public static Assembly Core => typeof(Item).Assembly;

    public static Assembly Api => Assembly.Load("RecSys.Api");

    /// <summary>The capabilities that have types today.</summary>
    public static IReadOnlyList<string> Existing { get; } =
    [
        .. Core.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace![Root.Length..].Split('.')[0])
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Namespaces that a capability must not use.</summary>
    public static string[] ForbiddenFor(string capability) =>
        [.. Allowed.Keys.Where(other => other != capability && !Allowed[capability].Contains(other)).Select(other => Root + other)];

    /// <summary>Types of the capability that use one of the namespaces.</summary>
    public static IReadOnlyList<string> Users(string capability, params string[] namespaces) =>
        Failing(Types.InAssembly(Core).That().ResideInNamespace(Root + capability).ShouldNot().HaveDependencyOnAny(namespaces));

    /// <summary>Types of the assembly outside the given capabilities that use one of the namespaces.</summary>
    public static IReadOnlyList<string> UsersOutside(Assembly assembly, string[] capabilities, params string[] namespaces)
    {
        var outside = Types.InAssembly(assembly).That().DoNotResideInNamespace(Root + capabilities[0]);
        foreach (var capability in capabilities.Skip(1)) outside = outside.And().DoNotResideInNamespace(Root + capability);
        return Failing(outside.ShouldNot().HaveDependencyOnAny(namespaces));
    }

    private static IReadOnlyList<string> Failing(ConditionList condition) => [.. condition.GetResult().FailingTypeNames ?? []];
}

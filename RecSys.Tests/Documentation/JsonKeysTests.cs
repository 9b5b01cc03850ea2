using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Protocols;

namespace RecSys.Tests.Documentation;

/// <summary>Every key of the reports of <c>evaluate --json</c> stands in its page.</summary>
public sealed class JsonKeysTests
{
    private static readonly string page = Pages.Read("docs/evaluation.md");

    public static TheoryData<Type> Reports =>
        [typeof(EvaluationReport), typeof(ColdItemReport), typeof(NewUserReport), typeof(KuaiRandChallengeReport)];

    [Theory]
    [MemberData(nameof(Reports))]
    public void Report_EveryKey_StandsInThePage(Type report)
    {
        var keys = Keys(report, []).Distinct().ToList();

        Assert.True(keys.Count > 4);
        Assert.All(keys, key => Assert.True(
            page.Contains($"`{key}`", StringComparison.Ordinal) || page.Contains($"`{key}[]`", StringComparison.Ordinal), key));
    }

    private static IEnumerable<string> Keys(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length > 0
                || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always })
                continue;
            yield return property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            // Figures are the keys of what intervals and advantages are told for.
            foreach (var part in property.PropertyType.GetGenericArguments().Append(property.PropertyType)
                .Where(part => part.Assembly == typeof(EvaluationReport).Assembly))
            {
                foreach (var key in Keys(part, seen)) yield return key;
            }
        }
    }
}

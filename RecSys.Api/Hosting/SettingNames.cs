using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using RecSys.Api.BatchJobs;
using RecSys.Api.Browsers;
using RecSys.Api.BulkJobs;
using RecSys.Api.Dashboard;
using RecSys.Api.Endpoints.Gorse;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Scenarios;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training;

namespace RecSys.Api.Hosting;

/// <summary>
/// Refuses settings that no option takes, and values that an option cannot read, before any command runs: a misspelt one would otherwise be
/// as good as not written. What stands in other sections is somebody else's, and environment variables of other programs are let alone.
/// </summary>
internal static class SettingNames
{
    // Of the host, and of scenarios, whose names are everybody's own.
    private static readonly string[] others = ["Logging", ScenarioSettings.Section];

    private static readonly Dictionary<string, Type> sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [StorageOptions.SectionName] = typeof(StorageOptions),
        [LakeOptions.SectionName] = typeof(LakeOptions),
        [AuthenticationSettings.SectionName] = typeof(AuthenticationSettings),
        [LimitOptions.SectionName] = typeof(LimitOptions),
        [BrowserOptions.SectionName] = typeof(BrowserOptions),
        [BulkOptions.SectionName] = typeof(BulkOptions),
        [BatchOptions.SectionName] = typeof(BatchOptions),
        [GorseOptions.SectionName] = typeof(GorseOptions),
        [DashboardOptions.SectionName] = typeof(DashboardOptions),
        [ShutdownOptions.SectionName] = typeof(ShutdownOptions),
        [RecommendationOptions.SectionName] = typeof(RecommendationOptions),
        [SeenOptions.SectionName] = typeof(SeenOptions),
        [CoVisitationOptions.SectionName] = typeof(CoVisitationOptions),
        [TrendingOptions.SectionName] = typeof(TrendingOptions),
        [NewItemOptions.SectionName] = typeof(NewItemOptions),
        [SegmentOptions.SectionName] = typeof(SegmentOptions),
        [FreshnessOptions.SectionName] = typeof(FreshnessOptions),
        [DiversityOptions.SectionName] = typeof(DiversityOptions),
        [ExplorationOptions.SectionName] = typeof(ExplorationOptions),
        [ServedRecordOptions.SectionName] = typeof(ServedRecordOptions),
        [EventOptions.SectionName] = typeof(EventOptions),
        [ModelPoolOptions.SectionName] = typeof(ModelPoolOptions),
        [ModelsOptions.SectionName] = typeof(ModelsOptions),
        [RolloutOptions.SectionName] = typeof(RolloutOptions),
        [MonitoringOptions.SectionName] = typeof(MonitoringOptions),
        [AlertOptions.SectionName] = typeof(AlertOptions),
        [AutoscalingOptions.SectionName] = typeof(AutoscalingOptions),
        [OffPolicyOptions.SectionName] = typeof(OffPolicyOptions),
        [RetrievalOptions.SectionName] = typeof(RetrievalOptions),
        [TrainingOptions.SectionName] = typeof(TrainingOptions),
        [TextOptions.SectionName] = typeof(TextOptions),
    };

    // Parts of a training run that are set where serving reads them, too.
    private static readonly Dictionary<string, string> elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        [$"{TrainingOptions.SectionName}:{nameof(TrainingOptions.Candidates)}"] =
            "training uses as many candidates as serving. Remove it and set Recommendations:Candidates.",
        [$"{TrainingOptions.SectionName}:{nameof(TrainingOptions.Retrieval)}"] = "the index has the section Retrieval.",
        [$"{TrainingOptions.SectionName}:{nameof(TrainingOptions.Text)}"] = "the text encoder has the section Text.",
    };

    /// <summary>Names of the program's sections.</summary>
    public static IReadOnlyDictionary<string, Type> Sections => sections;

    /// <summary>Looks at all settings there are.</summary>
    /// <param name="root">File, environment and command line.</param>
    /// <param name="assignments">The command line's.</param>
    /// <returns>
    /// Environment variables whose section is spelt nearly like one of the program's: they may be another program's, so they are only told.
    /// </returns>
    /// <exception cref="RecSysException">A setting in one of the program's sections does not exist or cannot have its value, or a section
    /// does not exist that the command line or the file names.</exception>
    public static IReadOnlyList<string> Check(IConfigurationRoot root, IReadOnlyList<string> assignments)
    {
        foreach (var (path, why) in elsewhere)
        {
            if (root.GetSection(path).Exists()) throw new RecSysException($"{path} is no setting of its own: {why}");
        }
        foreach (var (name, type) in sections)
        {
            if (SectionReader.FindUnknown(root.GetSection(name), type) is { } unknown)
                throw new RecSysException($"There is no setting {unknown}");
            if (SettingValues.FindUnreadable(root.GetSection(name), type) is { } unreadable) throw new RecSysException(unreadable);
        }
        _ = PolicyBook.Of(root);
        foreach (var assignment in assignments)
        {
            var section = assignment[..assignment.IndexOf(':', StringComparison.Ordinal)];
            if (!IsKnown(section)) throw NoSection(section, assignment);
        }
        foreach (var section in root.Providers.OfType<JsonConfigurationProvider>().SelectMany(Sectioned))
        {
            if (!IsKnown(section) && Nearest(section) is not null) throw NoSection(section, section);
        }
        return [.. root.Providers.OfType<EnvironmentVariablesConfigurationProvider>().SelectMany(Sectioned)
            .Where(section => !IsKnown(section) && Nearest(section) is not null)
            .Select(section => $"environment variables {section}__* set nothing; for the section {Nearest(section)} write "
                + $"{Nearest(section)}__*.")];
    }

    private static bool IsKnown(string section) =>
        sections.ContainsKey(section) || others.Contains(section, StringComparer.OrdinalIgnoreCase);

    private static string? Nearest(string section) => NearestName.Of(section, sections.Keys.Concat(others));

    private static RecSysException NoSection(string section, string setting) => new(Nearest(section) is { } near
        ? $"There is no section {section} ({setting}); did you mean {near}?"
        : $"There is no section {section} ({setting}); there are {string.Join(", ", sections.Keys)}, {ScenarioSettings.Section}.");

    private static IEnumerable<string> Sectioned(IConfigurationProvider provider) =>
        provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase).Where(key => provider.GetChildKeys([], key).Any());
}

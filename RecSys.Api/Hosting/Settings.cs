using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Models.Signing;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Hosting;

/// <summary>
/// The program's one configuration, for serving, training and bundles alike: <c>appsettings.json</c> beside the assembly, then environment
/// variables such as <c>Training__TowerShare</c>, then <c>--set Training:TowerShare=0.7</c> of the command line. Later ones win.
/// </summary>
internal static class Settings
{
    private static IConfigurationRoot? root;

    /// <summary>The command line's own settings by their names; none before <see cref="Assign"/>.</summary>
    public static IReadOnlyDictionary<string, string> Assigned { get; private set; } = new Dictionary<string, string>();

    /// <exception cref="RecSysException">The file cannot be read.</exception>
    public static IConfigurationRoot Root => root ??= Load([]);

    /// <summary>Puts the command line's own settings over the others; called once, before a command runs.</summary>
    /// <returns>What looks like a mistake but may be somebody else's; see <see cref="SettingNames.Check"/>.</returns>
    /// <exception cref="RecSysException">One of them is not of the form <c>Section:Option=value</c> or given twice, or a setting of the
    /// program's sections does not exist, wherever it comes from.</exception>
    public static IReadOnlyList<string> Assign(IReadOnlyList<string> assignments)
    {
        root = Load(assignments);
        Assigned = Split(assignments).ToDictionary(each => each.Key, each => each.Value!, StringComparer.OrdinalIgnoreCase);
        return SettingNames.Check(root, assignments);
    }

    /// <summary>
    /// The section <c>Training</c>, with what has a section of its own: text encoder, index, and the number of candidates that serving
    /// uses.
    /// </summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static TrainingOptions Training()
    {
        var options = SectionReader.Read<TrainingOptions>(Root, TrainingOptions.SectionName);
        options.Candidates = Recommendations().Candidates;
        options.Retrieval = Retrieval();
        options.Text = SectionReader.Read<TextOptions>(Root, TextOptions.SectionName);
        return options;
    }

    /// <summary>The section <c>Recommendations</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static RecommendationOptions Recommendations() =>
        SectionReader.Read<RecommendationOptions>(Root, RecommendationOptions.SectionName);

    /// <summary>What the sections of the request path say that belongs to a variant: the policy of whoever is in no experiment.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static Policy DefaultPolicy() => PolicyBook.Read(Root);

    /// <summary>The section <c>Events</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static EventOptions Events() => SectionReader.Read<EventOptions>(Root, EventOptions.SectionName);

    /// <summary>The section <c>CoVisitation</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static CoVisitationOptions CoVisitation() => SectionReader.Read<CoVisitationOptions>(Root, CoVisitationOptions.SectionName);

    /// <summary>The section <c>Segments</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static SegmentOptions Segments() => SectionReader.Read<SegmentOptions>(Root, SegmentOptions.SectionName);

    /// <summary>The section <c>Retrieval</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static RetrievalOptions Retrieval() => SectionReader.Read<RetrievalOptions>(Root, RetrievalOptions.SectionName);

    /// <summary>The section <c>ModelPool</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static ModelPoolOptions ModelPool() => SectionReader.Read<ModelPoolOptions>(Root, ModelPoolOptions.SectionName);

    /// <summary>The section <c>OffPolicy</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static OffPolicyOptions OffPolicy() => SectionReader.Read<OffPolicyOptions>(Root, OffPolicyOptions.SectionName);

    /// <summary>The section <c>Autoscaling</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static AutoscalingOptions Autoscaling() => SectionReader.Read<AutoscalingOptions>(Root, AutoscalingOptions.SectionName);

    /// <summary>The section <c>Models</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static ModelsOptions Models() => SectionReader.Read<ModelsOptions>(Root, ModelsOptions.SectionName);

    /// <summary>The model versions of a data folder, with <see cref="Trust"/>.</summary>
    /// <exception cref="RecSysException">A value is not allowed, or the key cannot be read.</exception>
    public static ModelRegistry Registry(ServerSettings settings, IModelStates states) =>
        new(settings.ModelsFolder, states, Trust(settings));

    /// <summary>Whose bundles may serve, by the section <c>Models</c> and the environment.</summary>
    /// <exception cref="RecSysException">A value is not allowed, or the key cannot be read.</exception>
    public static BundleTrust Trust(ServerSettings settings)
    {
        var all = new ConfigurationBuilder().AddConfiguration(Root).AddInMemoryCollection(settings.Overrides).Build();
        return BundleTrust.Of(SectionReader.Read<ModelsOptions>(all, ModelsOptions.SectionName), settings.IsDevelopment);
    }
    /// <summary>The section <c>Rollout</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static RolloutOptions Rollout() => SectionReader.Read<RolloutOptions>(Root, RolloutOptions.SectionName);

    /// <summary>The section <c>Authentication</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static AuthenticationSettings Authentication() =>
        SectionReader.Read<AuthenticationSettings>(Root, AuthenticationSettings.SectionName);

    /// <summary>The section <c>Lake</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static LakeOptions Lake() => SectionReader.Read<LakeOptions>(Root, LakeOptions.SectionName);

    /// <summary>The data folder of the section <c>Storage</c>, which <c>--data</c> overrules.</summary>
    public static string DataFolder() => SectionReader.Read<StorageOptions>(Root, StorageOptions.SectionName).DataFolder;

    /// <summary>Composes a configuration from the three sources.</summary>
    internal static IConfigurationRoot Load(IReadOnlyList<string> assignments)
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(Split(assignments))
                .Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new RecSysException(
                $"{Path.Combine(AppContext.BaseDirectory, "appsettings.json")} cannot be read: "
                    + $"{exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private static Dictionary<string, string?> Split(IReadOnlyList<string> assignments)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in assignments.Select(Split))
        {
            if (settings.TryAdd(name, value)) continue;
            throw new RecSysException($"--set gives {name} twice: as \"{settings[name]}\" and as \"{value}\". Keep one of them.");
        }
        return settings;
    }

    private static KeyValuePair<string, string?> Split(string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || !assignment[..at].Contains(':', StringComparison.Ordinal))
            throw new RecSysException("--set takes settings of the form Section:Option=value, such as Recommendations:Candidates=300.");
        return new(assignment[..at], assignment[(at + 1)..]);
    }
}

using System.ComponentModel.DataAnnotations;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage;
using RecSys.Core.Training;

namespace RecSys.Api.Hosting;

/// <summary>
/// The settings outside the web host: <c>appsettings.json</c>, then environment variables such as <c>Training__TowerShare</c>, checked against
/// the ranges of the option classes.
/// </summary>
internal static class Settings
{
    public static IConfiguration Load() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>The section <c>Training</c> with the text encoder of the section <c>Text</c> and the index of the section <c>Retrieval</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static TrainingOptions Training()
    {
        var options = Read<TrainingOptions>(TrainingOptions.SectionName);
        Check(options.Towers, $"{TrainingOptions.SectionName}:Towers");
        Check(options.Ranker, $"{TrainingOptions.SectionName}:Ranker");
        Check(options.ChoiceRanker, $"{TrainingOptions.SectionName}:ChoiceRanker");
        options.Retrieval = Retrieval();
        options.Text = Read<TextOptions>(TextOptions.SectionName);
        return options;
    }

    /// <summary>What the sections of the request path say that belongs to a variant: the policy of whoever is in no experiment.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static Policy DefaultPolicy() => PolicyBook.Read(Load());

    /// <summary>The section <c>CoVisitation</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static CoVisitationOptions CoVisitation() => Read<CoVisitationOptions>(CoVisitationOptions.SectionName);

    /// <summary>The section <c>Segments</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static SegmentOptions Segments() => Read<SegmentOptions>(SegmentOptions.SectionName);

    /// <summary>The section <c>Retrieval</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static RetrievalOptions Retrieval() => Read<RetrievalOptions>(RetrievalOptions.SectionName);

    /// <summary>The section <c>ModelPool</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static ModelPoolOptions ModelPool() => Read<ModelPoolOptions>(ModelPoolOptions.SectionName);

    /// <summary>The section <c>Authentication</c>.</summary>
    /// <exception cref="RecSysException">A value is not allowed.</exception>
    public static AuthenticationSettings Authentication() => Read<AuthenticationSettings>(AuthenticationSettings.SectionName);

    /// <summary>The data folder of the section <c>Storage</c>, which <c>--data</c> overrules.</summary>
    public static string DataFolder() => Read<StorageOptions>(StorageOptions.SectionName).DataFolder;

    private static T Read<T>(string section)
        where T : class, new()
    {
        T options;
        try
        {
            options = Load().GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException exception)
        {
            throw new RecSysException($"The settings of section {section} cannot be read: {exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
        Check(options, section);
        return options;
    }

    private static void Check(object options, string section)
    {
        var faults = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)) return;
        throw new RecSysException($"The settings of section {section} are not usable: {string.Join(' ', faults.Select(fault => fault.ErrorMessage))}");
    }
}

using RecSys.Core.Retrieval.Text;
using RecSys.Core.Training;

namespace RecSys.Api.Hosting;

/// <summary>The configuration of commands that run without a web host: <c>appsettings.json</c>, then environment variables such as <c>Training__TowerShare</c>.</summary>
internal static class Settings
{
    public static IConfiguration Load() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>The section <c>Training</c> with the text encoder of the section <c>Text</c>.</summary>
    public static TrainingOptions Training()
    {
        var configuration = Load();
        var options = configuration.GetSection(TrainingOptions.SectionName).Get<TrainingOptions>() ?? new TrainingOptions();
        configuration.GetSection(TextOptions.SectionName).Bind(options.Text);
        return options;
    }
}

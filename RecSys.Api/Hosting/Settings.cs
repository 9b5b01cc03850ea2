namespace RecSys.Api.Hosting;

/// <summary>The configuration of commands that run without a web host: <c>appsettings.json</c>, then <c>RECSYS_*</c> variables.</summary>
internal static class Settings
{
    public static IConfiguration Load() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables("RECSYS_")
        .Build();
}

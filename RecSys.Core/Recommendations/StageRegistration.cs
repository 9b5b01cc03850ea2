using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>How a source, filter or rule registers what it brings; where it stands is said in <see cref="RecommendationStages"/>.</summary>
internal static class StageRegistration
{
    /// <summary>Makes a stage known; one that nobody lists refuses the start.</summary>
    public static IServiceCollection AddStage<T>(this IServiceCollection services)
        where T : class, IStage => services.AddSingleton<IStage, T>();

    /// <summary>Adds something that is computed from the whole catalogue once a minute.</summary>
    public static IServiceCollection AddRanking<T>(this IServiceCollection services)
        where T : class, IRanking => services.AddSingleton<T>().AddSingleton<IRanking>(provider => provider.GetRequiredService<T>());

    /// <summary>Binds a section of the configuration and checks it when the server starts.</summary>
    public static IServiceCollection AddSection<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration,
        string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}

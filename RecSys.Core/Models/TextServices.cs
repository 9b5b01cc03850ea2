using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Core.Models;

/// <summary>Registration of what encodes texts while serving.</summary>
public static class TextServices
{
    // "Text": { "Directory": null, "SecondsPerText": 10, "IdleMinutes": 5 }

    /// <summary>
    /// Registers <see cref="TextEncoding"/>. Needs <see cref="LiveItems"/>, the folded log and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddTextEncoding(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TextOptions>().Bind(configuration.GetSection(TextOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TextOptions>, TextOptionsValidator>();
        services.AddSingleton(provider => new TextEncoderProcess(
            provider.GetRequiredService<IOptions<TextOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TextEncoderProcess>>()));
        services.AddHostedService<TextEncoding>();
        return services;
    }
}

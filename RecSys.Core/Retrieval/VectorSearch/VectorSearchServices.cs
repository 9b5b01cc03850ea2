using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Registration of the settings of vector search.</summary>
public static class VectorSearchServices
{
    // "Retrieval": { "Index": "auto", "FaissLibrary": null, "Device": "auto", "TargetRecall": 0.95, "ExactUpTo": 50000, "NewItemsUpTo":
    // 200000 }

    /// <summary>Registers <see cref="RetrievalOptions"/> from the section <c>Retrieval</c>, checked at the start.</summary>
    public static IServiceCollection AddVectorSearch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetrievalOptions>().Bind(configuration.GetSection(RetrievalOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetrievalOptions>, RetrievalOptionsValidator>();
        return services;
    }
}

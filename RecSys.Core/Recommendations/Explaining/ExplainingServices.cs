using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Events;
using RecSys.Core.Expressions;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>Registration of the explanations.</summary>
internal static class ExplainingServices
{
    public static IServiceCollection AddExplanations(this IServiceCollection services) => services.AddSingleton(provider => new Explainer(
        provider.GetRequiredService<Recommender>(),
        provider.GetRequiredService<WorldSource>(),
        new PastUsers(provider.GetRequiredService<IUserArchive>()),
        new PastRules(provider.GetRequiredService<ILogContents>()),
        new PastWishes(provider.GetRequiredService<ExpressionCache>()),
        provider.GetRequiredService<PolicyBook>(),
        provider.GetRequiredService<FeatureCatalogue>(),
        provider.GetServices<IStage>()));
}

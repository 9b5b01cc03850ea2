using Microsoft.Extensions.DependencyInjection;

namespace RecSys.Core.Recommendations.Scenarios;

/// <summary>Registration of what is kept of scenarios.</summary>
public static class ScenarioServices
{
    /// <summary>Lets policies be put in the log; needs an <see cref="Storage.IDatabase"/>.</summary>
    public static IServiceCollection AddPolicyKeeping(this IServiceCollection services) => services.AddSingleton<PolicyKeeping>();

    /// <summary>Puts the policies in the log, where there is one. To be called before anything else writes to it.</summary>
    public static Task KeepPoliciesAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetService<PolicyKeeping>()?.KeepAsync(cancellationToken) ?? Task.CompletedTask;
}

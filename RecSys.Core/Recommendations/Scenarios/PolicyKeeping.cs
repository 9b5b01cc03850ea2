using System.Text;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Scenarios;

/// <summary>
/// Puts every policy that requests can be served by into the log, once per hash, so that what a served record names by hash can be looked
/// up after the settings changed.
/// </summary>
internal sealed class PolicyKeeping(PolicyBook policies, IDatabase database, ILogger<PolicyKeeping> logger)
{
    /// <summary>Appends what the log does not have. A store that cannot be written is told of; lists are served without it.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var missing = new List<LogChange>();
            foreach (var (hash, policy) in policies.All.OrderBy(each => each.Hash, StringComparer.Ordinal))
            {
                if (await database.Contents.FindPolicyAsync(hash, cancellationToken) is null)
                    missing.Add(new PolicyPut(hash, Encoding.UTF8.GetString(policy.ToJson())));
            }
            if (missing.Count > 0) await database.EventLog.AppendAsync(missing, cancellationToken);
        }
        catch (RecSysException fault)
        {
            logger.PoliciesNotKept(fault);
        }
    }
}

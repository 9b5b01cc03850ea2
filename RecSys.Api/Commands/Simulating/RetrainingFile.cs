using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Simulating;

/// <summary>The JSON of <c>simulate days --seeds</c>: the worlds that are through, written anew behind each.</summary>
/// <param name="path">Where; its folder is there.</param>
/// <param name="world">Name of the preset.</param>
/// <param name="options">The world.</param>
/// <param name="asked">How many worlds the run was asked for.</param>
internal sealed class RetrainingFile(string path, string world, WorldOptions options, int asked)
{
    /// <param name="runs">The worlds that are through, at least one.</param>
    /// <param name="elapsed">What they took.</param>
    /// <exception cref="Core.Domain.RecSysException">The file cannot be written.</exception>
    public Task WriteAsync(IReadOnlyList<RetrainedRun> runs, TimeSpan elapsed)
    {
        var json = RetrainingReport.Json(runs);
        (json["asked"], json["world"]) = (asked, world);
        (json["items"], json["users"], json["days"]) = (options.Items, options.Users, options.Days);
        json["seconds"] = Math.Round(elapsed.TotalSeconds, 1);
        return ResultFile.WriteAsync(path, json.ToJsonString());
    }
}

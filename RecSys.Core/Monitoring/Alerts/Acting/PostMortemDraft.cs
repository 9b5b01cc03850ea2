using System.Text;
using Microsoft.Extensions.Options;
using RecSys.Core.Models;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>
/// Writes the draft of a post-mortem with its graphs into a folder of its own, <c>postmortems/INCIDENT/</c>. An incident that gets another
/// red alert has it written anew; of older drafts the newest are kept.
/// </summary>
internal sealed class PostMortemDraft(
    string root, AlertCenter center, ModelRegistry registry, IOptions<AlertOptions> options, TimeProvider time) : IAlertAction
{
    public const string FileName = "postmortem.md";

    private const int ModelChanges = 50;

    public string Name => "post_mortem";

    // What happened is asked for days later, and what keeps it from being written, such as a full disk, passes.
    public bool IsMadeUpFor => true;

    public async Task<string?> ActAsync(RedAlert red, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, red.Incident.Id);
        Directory.CreateDirectory(folder);
        var graphs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in AlertRules.All)
        {
            var points = center.SeriesOf(rule.Name);
            if (points.Count < 2) continue;
            graphs[rule.Name] = $"{rule.Name}.svg";
            await WriteAsync(Path.Combine(folder, graphs[rule.Name]), LineChart.Of(rule, points), cancellationToken);
        }
        var models = await registry.TransitionsAsync(null, ModelChanges, cancellationToken);
        await WriteAsync(
            Path.Combine(folder, FileName), PostMortem.Write(red, center.Read(), models, graphs, time.GetUtcNow()), cancellationToken);
        return $"draft in postmortems/{red.Incident.Id}/{FileName}{DropOld()}";
    }

    // Names begin with the time: their order is that of the incidents.
    private string DropOld()
    {
        var old = Directory.EnumerateDirectories(root).Where(path => File.Exists(Path.Combine(path, FileName)))
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal).Skip(options.Value.PostMortems).ToList();
        try
        {
            foreach (var path in old) Directory.Delete(path, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"; older ones could not be deleted: {fault.Message}";
        }
        return "";
    }

    private static Task WriteAsync(string path, string text, CancellationToken cancellationToken) =>
        DurableFile.ReplaceAsync(path, Encoding.UTF8.GetBytes(text), cancellationToken);
}

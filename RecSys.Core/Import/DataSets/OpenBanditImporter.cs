using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports the Open Bandit Dataset (<see href="https://research.zozo.com/data.html"/>; Saito, Aihara, Matsutani and Narita, 2021) as it is
/// published: <c>POLICY/CAMPAIGN/CAMPAIGN.csv</c> with <c>item_context.csv</c> beside it.
/// <list type="bullet">
/// <item>Each row is an <see cref="EventType.Impression"/> at its place with the campaign as scenario, followed by an
/// <see cref="EventType.Click"/> where there was one.</item>
/// <item>Each row is also a served record of one item: its propensity, and the policy's name as the variant of the experiment
/// <c>open-bandit</c>. The records are what <c>evaluate --protocol off-policy</c> reads.</item>
/// <item>Items are numbered by campaign: <c>men-14</c>. Their hashed features are attributes.</item>
/// <item>The data names no person. A user here is everybody with the same four hashed features.</item>
/// <item>Affinities of user and item are left out: they are counts of clicks, which the log tells, too.</item>
/// </list>
/// Ids derive from policy, campaign and the row's number, so that a second import adds nothing.
/// </summary>
/// <param name="target">Where items, users and events go.</param>
/// <param name="options">Rejects, and a dry run.</param>
/// <param name="served">Where the records go.</param>
/// <param name="log">Tells the epoch that the records stand in.</param>
public sealed class OpenBanditImporter(ImportTarget target, ImportOptions options, IServedRecordStore served, IEventLog log)
{
    /// <summary>Experiment of the records.</summary>
    public const string Experiment = "open-bandit";

    internal const string Items = "item_context.csv";
    internal const int Places = 3;

    private static readonly string[] UserFeatures = ["user_feature_0", "user_feature_1", "user_feature_2", "user_feature_3"];
    private static readonly string[] ItemFeatures = ["item_feature_0", "item_feature_1", "item_feature_2", "item_feature_3"];

    private readonly ImportOptions options = MeaningFile.Complete(options);
    private readonly TimeReading times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        var campaigns = Campaigns(directory);
        using var ledger = new ImportLedger("open-bandit", options);
        using var staging = new ImportStaging(target, options);
        using var spool = new OpenBanditSpool(options.DataFolder);
        var (items, users) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (policy, campaign, path) in campaigns)
        {
            TableLoop.Read(
                TableReader.NumberedCsv(Path.Combine(Path.GetDirectoryName(path)!, Items), ledger, ["item_id", .. ItemFeatures]),
                $"{policy}/{campaign}/{Items}", ledger, row => ReadItem(row, campaign, items, staging), progress, ct);
            TableLoop.Read(
                TableReader.NumberedCsv(
                    path, ledger, ["timestamp", "item_id", "position", "click", "propensity_score", .. UserFeatures]),
                $"{policy}/{campaign}", ledger, row => ReadRow(row, policy, campaign, items, users, staging, spool), progress, ct);
        }
        await staging.StoreAsync(progress, ct);
        if (!options.DryRun) await StoreServedAsync(spool, progress, ct);
        var report = await staging.ReportAsync(ledger, ct);
        return report with
        {
            Notes = [.. report.Notes, string.Create(CultureInfo.InvariantCulture, $"{spool.Count:#,0} served records with propensities of ")
                + string.Join(", ", campaigns.Select(each => each.Policy).Distinct())],
        };
    }

    private static List<(string Policy, string Campaign, string Path)> Campaigns(string directory)
    {
        ImportFiles.RequireDirectory(directory, "the Open Bandit Dataset");
        var found = new List<(string, string, string)>();
        foreach (var policy in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
        {
            foreach (var campaign in Directory.EnumerateDirectories(policy).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(campaign);
                // Small editions come without the rows of some campaigns.
                foreach (var path in ImportFiles.Matching(campaign, $"{name}.csv")) found.Add((Path.GetFileName(policy), name, path));
            }
        }
        if (found.Count == 0)
            throw new RecSysException($"There is no POLICY/CAMPAIGN/CAMPAIGN.csv in {directory}, such as random/men/men.csv; give the "
                + "folder that holds the policies.");
        return found;
    }

    // Each policy's folder repeats the items of a campaign.
    private static void ReadItem(TableRow row, string campaign, HashSet<string> items, ImportStaging staging)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        // The first is a number, the others are hashes.
        foreach (var column in ItemFeatures)
            attributes[column] = column == ItemFeatures[0] ? AttributeValue.Of(row.Number(column) ?? throw new RowException($"{column} is "
                + "missing")) : row.Required(column);
        var item = new Item { Id = ItemId(row, campaign), Title = "", Category = "", Attributes = attributes };
        if (RecordRules.FindProblem(item) is { } problem) throw new RowException(problem);
        items.Add(item.Id);
        staging.Add(item);
    }

    private void ReadRow(
        TableRow row, string policy, string campaign, HashSet<string> items, HashSet<string> users, ImportStaging staging,
        OpenBanditSpool spool)
    {
        // Read every field before the first is kept, so that a malformed row leaves nothing.
        var id = string.Create(CultureInfo.InvariantCulture, $"obd-{policy}-{campaign}-{row.Count("")}");
        var item = ItemId(row, campaign);
        if (!items.Contains(item)) throw new RowException($"the item_id is not in {Items}");
        var place = row.Count("position");
        if (place is < 1 or > Places) throw new RowException($"position is none of 1 to {Places}");
        var click = row.Bit("click");
        var propensity = row.Number("propensity_score") ?? throw new RowException("propensity_score is missing");
        if (propensity is not (> 0 and <= 1)) throw new RowException("propensity_score is not above 0 and at most 1");
        var features = UserFeatures.Select(row.Required).ToArray();
        var user = string.Join('-', features.Select(feature => feature[..Math.Min(8, feature.Length)]).Prepend("visitor"));
        var shown = EventRules.Checked(new Event
        {
            Id = id,
            UserId = user,
            ItemId = item,
            Type = EventType.Impression,
            Time = times.Read(row.Required("timestamp"), "timestamp"),
            Position = (int)place - 1,
            RequestId = id,
            Scenario = campaign,
        }, options.Clock);
        if (users.Add(user))
            staging.Add(new User { Id = user, Attributes = UserFeatures.Zip(features).ToDictionary(f => f.First, f => f.Second) });
        staging.Add(shown);
        if (click) staging.Add(shown with { Id = $"{id}-click", Type = EventType.Click });
        spool.Add(new OpenBanditRow(id, user, item, policy, campaign, shown.Time.ToUnixTimeMilliseconds(), propensity));
    }

    private async Task StoreServedAsync(OpenBanditSpool spool, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        const int batch = 500;
        var epoch = (await log.ReadHeadAsync(ct)).Epoch;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (records, done) = (new List<ServedRecord>(batch), 0L);
        foreach (var row in spool.Read())
        {
            if (!numbers.TryGetValue(row.Item, out var number))
                numbers[row.Item] = number = (await target.Contents.FindItemAsync(row.Item, ct))!.Number;
            var time = DateTimeOffset.FromUnixTimeMilliseconds(row.TimeMs);
            records.Add(new ServedRecord
            {
                RequestId = row.Id,
                UserId = row.User,
                Time = time,
                // What served knew of no position of this log.
                Epoch = epoch,
                Position = 0,
                Assignment = new Assignment(Experiment, row.Policy, row.Policy, Experiment),
                Scenario = row.Campaign,
                LatencyMs = 0,
                FeatureTime = time,
                Items = [new ServedItem { Item = number, Slot = SlotKind.Explored, Propensity = row.Propensity }],
            });
            if (records.Count == batch) await FlushAsync();
        }
        await FlushAsync();

        async Task FlushAsync()
        {
            if (records.Count == 0) return;
            await served.AppendAsync(records, ct);
            done += records.Count;
            records.Clear();
            progress?.Report(new WorkProgress("store served records", done, spool.Count, "records"));
        }
    }

    private static string ItemId(TableRow row, string campaign) =>
        string.Create(CultureInfo.InvariantCulture, $"{campaign}-{row.Count("item_id")}");
}

using System.Security.Cryptography;
using System.Text;
using RecSys.Api.Contracts.Reading;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>
/// Feedback on its way into the log. The same feedback of the same time is the same event, also where a file brought it; of feedback
/// without a time gorse keeps one per type, user and item, and so it is here.
/// </summary>
internal sealed class GorsePosting(
    Posting posting, GorseTypes types, FolderMeaning meaning, RecentEvents recent, DriftFigures figures,
    [FromKeyedServices(ServedTime.Key)] TimeProvider time)
{
    private readonly TimeReading times = new(TimeUnit.Auto, TimeZoneInfo.Utc);

    /// <summary>Reads a row of feedback.</summary>
    /// <param name="row">Its fields.</param>
    /// <param name="overwrites">True where feedback without a time takes the place of an earlier one: it happens now.</param>
    /// <exception cref="RowException">The row is malformed.</exception>
    public Event Read(JsonObject row, bool overwrites)
    {
        var now = time.GetUtcNow();
        var stated = GorseRecords.Time(row, times);
        var e = GorseRecords.Feedback(row, Type(row.Required("FeedbackType")), stated ?? now);
        return Judged(e with
        {
            Id = stated is null && !overwrites ? IdOf(row.Required("FeedbackType"), e.UserId, e.ItemId) : RecordParser.DerivedId(e),
        });
    }

    /// <summary>The same of a sitting that is told as a whole and not stored: who it is of may be left out.</summary>
    /// <exception cref="RowException">The row is malformed.</exception>
    public Event ReadOfSession(JsonObject row) => meaning.Judge(new Event
    {
        Id = "", UserId = row.Text("UserId") ?? "", ItemId = row.Required("ItemId"),
        Time = GorseRecords.Time(row, times) ?? time.GetUtcNow(),
        Type = Type(row.Required("FeedbackType")).Type, Meaning = Type(row.Required("FeedbackType")).Meaning,
    });

    /// <summary>What a word for a type stands for.</summary>
    /// <exception cref="RowException">Nobody knows it.</exception>
    public MappedType Type(string word) => types.Find(word) ?? throw new RowException(
        $"FeedbackType is none of {EventTypes.AllNames}, nor a word that is known; say what it stands for with "
            + $"{GorseOptions.SectionName}:{nameof(GorseOptions.FeedbackTypes)}");

    /// <summary>The event, checked, with its meaning by the rules of the data folder.</summary>
    /// <exception cref="RowException">It may not be stored.</exception>
    public Event Judged(Event e) => meaning.Judge(EventRules.Checked(e, time));

    /// <summary>Stores events.</summary>
    /// <returns>What was not taken; empty when all were.</returns>
    public async Task<IReadOnlyList<FieldFault>> StoreAsync(IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return [];
        var posted = await posting.PostAsync([.. events.Select(e => new EventChange(e))], cancellationToken);
        var (now, faults, told) = (time.GetUtcNow(), new List<FieldFault>(), new RecentEvent[events.Count]);
        var (accepted, parked, duplicate) = (0, 0, 0);
        for (var i = 0; i < told.Length; i++)
        {
            var outcome = posted.Results[i].Outcome;
            accepted += outcome == AppendOutcome.Accepted ? 1 : 0;
            parked += outcome == AppendOutcome.Parked ? 1 : 0;
            duplicate += outcome == AppendOutcome.Duplicate ? 1 : 0;
            var (status, code) = outcome switch
            {
                AppendOutcome.Accepted => ("accepted", null),
                AppendOutcome.Parked => ("accepted", "parked"),
                AppendOutcome.Duplicate => ("duplicate", null),
                _ => ("rejected", Refused(faults, i, outcome)),
            };
            told[i] = new RecentEvent(now, events[i], status, code);
        }
        recent.Add(told);
        figures.Count(new EventQuality(accepted, parked, duplicate, faults.Count));
        return faults;
    }

    private static string Refused(List<FieldFault> faults, int at, AppendOutcome outcome)
    {
        var fault = AppendFaults.Of(outcome, "", "");
        faults.Add(fault with { Pointer = $"/{at}", Detail = $"{fault.Detail}; rows that are not named here were stored" });
        return fault.Code;
    }

    private static string IdOf(string type, string user, string item) =>
        "gorse-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\0{user}\0{item}")).AsSpan(0, 16));
}

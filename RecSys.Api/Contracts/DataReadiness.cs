using RecSys.Core.Storage;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /data/readiness</c>.</summary>
/// <param name="Ready">True when models can be trained on what is there.</param>
/// <param name="Items">Items that are not removed.</param>
/// <param name="Users">Users with a profile.</param>
/// <param name="Events">Events in the log.</param>
/// <param name="EventsByType">Of each type that occurs.</param>
/// <param name="ParkedEvents">Events that wait for their items.</param>
/// <param name="FirstEvent">Earliest time.</param>
/// <param name="LastEvent">Latest time.</param>
/// <param name="DaysCovered">Days with events.</param>
/// <param name="Impressions">Events that say what was shown.</param>
/// <param name="ImpressionsWithPosition">Of them, those that say where.</param>
/// <param name="UsersWithoutEvents">Profiles without a history.</param>
/// <param name="UsersWithoutProfile">Histories without a profile.</param>
/// <param name="ItemsWithoutTitle">Items.</param>
/// <param name="ItemsWithoutCategory">Items.</param>
/// <param name="Remarks">What stands out, the gravest first.</param>
public sealed record DataReadiness(
    bool Ready,
    long Items,
    long Users,
    long Events,
    IReadOnlyDictionary<string, long> EventsByType,
    long ParkedEvents,
    DateTimeOffset? FirstEvent,
    DateTimeOffset? LastEvent,
    int DaysCovered,
    long Impressions,
    long ImpressionsWithPosition,
    long UsersWithoutEvents,
    long UsersWithoutProfile,
    long ItemsWithoutTitle,
    long ItemsWithoutCategory,
    IReadOnlyList<DataRemark> Remarks)
{
    internal static DataReadiness Of(DataSurvey survey)
    {
        var remarks = DataRemark.Of(survey);
        var counts = survey.Counts;
        return new DataReadiness(
            remarks.All(remark => remark.Level != "blocking"), counts.Items, counts.Users, counts.Events, survey.EventsByType,
            counts.Parked,
            counts.FirstEvent, counts.LastEvent, survey.DaysCovered, survey.Impressions, survey.ImpressionsWithPosition,
            survey.UsersWithoutEvents, survey.UsersWithoutProfile, survey.ItemsWithoutTitle, survey.ItemsWithoutCategory, remarks);
    }
}

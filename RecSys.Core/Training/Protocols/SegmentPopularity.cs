using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Share of each item in the positive events of everybody, or of users of the same age band and gender, drawn towards everybody's by as
/// much as 200 events weigh.
/// </summary>
internal sealed class SegmentPopularity : IRecommender
{
    private const double Strength = 200;
    private static readonly int[] AgeBands = [18, 25, 35, 45, 55];

    private readonly UserDirectory users;
    private readonly float[] overall;
    private readonly Dictionary<(int Age, string Gender), float[]> bySegment = [];
    private readonly bool segmented;

    private SegmentPopularity(UserDirectory users, float[] overall, bool segmented) =>
        (this.users, this.overall, this.segmented) = (users, overall, segmented);

    public string Name => segmented ? "popular in segment" : "popular";

    public Knowledge Knows => Knowledge.Cut;

    public static SegmentPopularity Fit(InteractionLog log, bool bySegment)
    {
        var counts = new double[log.Items.Count];
        var segments = new Dictionary<(int Age, string Gender), double[]>();
        foreach (ref readonly var e in log.Events)
        {
            if (!e.Type.IsPositive()) continue;
            counts[e.Item]++;
            if (!bySegment || e.User < 0) continue;
            var segment = SegmentOf(log.Users[e.User]);
            if (!segments.TryGetValue(segment, out var own)) segments.Add(segment, own = new double[counts.Length]);
            own[e.Item]++;
        }
        var total = Math.Max(1, counts.Sum());
        var result = new SegmentPopularity(log.Users, [.. counts.Select(count => (float)(count / total))], bySegment);
        foreach (var (segment, own) in segments)
        {
            var sum = own.Sum() + Strength;
            result.bySegment[segment] = [.. own.Select((count, item) => (float)((count + Strength * counts[item] / total) / sum))];
        }
        return result;
    }

    public void Score(in RankingQuery query, Span<float> scores) =>
        (query.User >= 0 && bySegment.TryGetValue(SegmentOf(users[query.User]), out var own) ? own : overall).CopyTo(scores);

    private static (int Age, string Gender) SegmentOf(User user) =>
        (user.Age is { } age ? AgeBands.Count(bound => age >= bound) : -1, user.Gender ?? "");
}

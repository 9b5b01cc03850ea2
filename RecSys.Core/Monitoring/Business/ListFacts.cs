using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Business;

/// <summary>Tells what of a served record figures go by.</summary>
internal static class ListFacts
{
    private static readonly (int From, string Name)[] Ages =
        [(0, "age:0-17"), (18, "age:18-24"), (25, "age:25-34"), (35, "age:35-44"), (45, "age:45-54"), (55, "age:55+")];

    /// <param name="record">The answered request.</param>
    /// <param name="profile">Of its user, as far as it is known now.</param>
    public static CountedList Of(ServedRecord record, User? profile) => new(
        record.RequestId,
        record.Time.ToUnixTimeMilliseconds(),
        record.Assignment.Experiment == Assignment.NoExperiment
            ? record.Assignment.Variant : $"{record.Assignment.Experiment}/{record.Assignment.Variant}",
        record.Scenario ?? "home",
        [$"device:{record.Device ?? "unknown"}", record.NotPersonal is null or "fallback" ? "user:known" : "user:new", AgeOf(profile),
            GenderOf(profile)],
        record.NotPersonal is null,
        [.. record.Items.Select(item => item.Item)],
        [.. record.Items.Select(item => item.Sources)]);

    private static string AgeOf(User? profile) =>
        profile?.Age is { } age and >= 0 ? Ages.Last(group => group.From <= age).Name : "age:unknown";

    // By the first letter, as the feature of the same name does.
    private static string GenderOf(User? profile) => profile?.Gender is not { Length: > 0 } gender ? "gender:unknown"
        : char.ToLowerInvariant(gender[0]) switch { 'f' or 'w' => "gender:female", 'm' => "gender:male", _ => "gender:other" };
}

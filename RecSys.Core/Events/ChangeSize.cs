using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>How many bytes a change takes while it waits, about: characters count two, and everything else a fixed sum.</summary>
internal static class ChangeSize
{
    private const int Fixed = 200;

    public static int Of(LogChange change) => Fixed + 2 * change switch
    {
        EventChange { Event: var e } =>
            Length(e.Id) + Length(e.UserId) + Length(e.ItemId) + Length(e.RequestId) + Length(e.SessionId) + Length(e.Scenario)
            + Length(e.Device) + Length(e.Location),
        ItemPut { Item: var item } =>
            Length(item.Id) + Length(item.Title) + Length(item.Category) + Length(item.Creator) + Length(item.ThumbnailUrl)
            + Length(item.Description) + item.Tags.Sum(tag => Length(tag) + 16)
                + item.Attributes.Sum(entry => Length(entry.Key) + Length(entry.Value.ToString()) + 32),
        UserPut { User: var user } =>
            Length(user.Id) + Length(user.Gender) + Length(user.Location)
            + user.Attributes.Sum(entry => Length(entry.Key) + Length(entry.Value) + 32),
        ListShown shown => Length(shown.RequestId) + Length(shown.UserId) + 2 * shown.Items.Count,
        RuleChange rule => Length(rule.RuleId) + Length(rule.Json) + Length(rule.By),
        PolicyPut policy => Length(policy.Hash) + Length(policy.Json),
        _ => 256,
    };

    private static int Length(string? text) => text?.Length ?? 0;
}

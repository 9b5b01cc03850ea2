using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Contracts.Reading;

/// <summary>
/// An item in a body: the whole of it, or what changes of one that is there (a merge patch as in RFC 7396, where null removes).
/// </summary>
internal static class ItemReading
{
    private const int MaxTags = 100;
    private static readonly DateTimeOffset Earliest = RecordRules.EarliestCreation;

    /// <summary>Reads an item.</summary>
    /// <param name="id">Its id; null: the body names it.</param>
    /// <param name="json">The body.</param>
    /// <param name="pointer">Where the object stands.</param>
    /// <param name="old">What a patch starts from; null for a whole item.</param>
    /// <param name="faults">What is wrong; empty when an item is returned.</param>
    public static Item? Read(string? id, JsonElement json, string pointer, Item? old, out IReadOnlyList<FieldFault> faults)
    {
        var reader = new JsonObjectReader(json, pointer);
        var named = reader.Id("id", required: id is null);
        if (id is not null && named is not null && named != id) reader.Add("invalid", "id", "must be that of the address, or be left out");
        var patch = new Patch(reader, json, old is not null);
        var item = new Item
        {
            Id = id ?? named ?? "",
            Title = patch.Of("title", reader.Text("title"), old?.Title) ?? "",
            Category = patch.Of("category", reader.Text("category"), old?.Category) ?? "",
            Tags = patch.Of("tags", reader.Texts("tags", MaxTags), old?.Tags) ?? [],
            Creator = patch.Of("creator", reader.Text("creator"), old?.Creator),
            Price = patch.Of("price", reader.Number("price", least: 0), old?.Price),
            DurationSeconds = patch.Of("duration_seconds", reader.Number("duration_seconds", least: 0), old?.DurationSeconds),
            CreatedAt = patch.Of("created_at", reader.Time("created_at"), old?.CreatedAt),
            ThumbnailUrl = patch.Of("thumbnail", reader.Text("thumbnail"), old?.ThumbnailUrl),
            Available = patch.Of("available", reader.Flag("available"), old?.Available) ?? true,
            Flagged = patch.Of("flagged", reader.Flag("flagged"), old?.Flagged) ?? false,
            Description = patch.Of("description", reader.Text("description"), old?.Description),
        };
        if (patch.Keeps("attributes") && old is not null)
        {
            _ = reader.Raw("attributes");
            item = item with { Attributes = old.Attributes };
        }
        else
        {
            item = item with { Attributes = AttributeReading.Read(reader, old?.Attributes) };
        }
        if (item.CreatedAt < Earliest) reader.Add("invalid", "created_at", "must not be before the year 1800");
        reader.Finish();
        if (reader.Faults.Count == 0 && RecordRules.FindProblem(item) is { } problem) reader.AddRule(problem);
        faults = reader.Faults;
        return faults.Count == 0 ? item : null;
    }
}

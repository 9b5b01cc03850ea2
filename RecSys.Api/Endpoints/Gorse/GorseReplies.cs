using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>JSON as clients of gorse read it: names as they are written here.</summary>
[JsonSerializable(typeof(GorseCount))]
[JsonSerializable(typeof(GorseScore[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(GorseUser))]
[JsonSerializable(typeof(GorseUsers))]
[JsonSerializable(typeof(GorseItem))]
[JsonSerializable(typeof(GorseItems))]
[JsonSerializable(typeof(GorseFeedback[]))]
internal sealed partial class GorseJson : JsonSerializerContext;

/// <summary>Reply to a write: how many rows were taken.</summary>
internal sealed record GorseCount(int RowAffected);

/// <summary>An item of a list, with what it stands there for.</summary>
internal sealed record GorseScore(string Id, double Score);

/// <summary>A user. <c>Labels</c> is an array of words, or an object of named values.</summary>
internal sealed record GorseUser(string UserId, JsonNode Labels, IReadOnlyList<string> Subscribe, string Comment);

/// <summary>A page of users; an empty cursor behind the last.</summary>
internal sealed record GorseUsers(string Cursor, IReadOnlyList<GorseUser> Users);

/// <summary>An item; <c>Labels</c> as of a user.</summary>
internal sealed record GorseItem(
    string ItemId, bool IsHidden, IReadOnlyList<string> Categories, DateTimeOffset Timestamp, JsonNode Labels, string Comment);

/// <summary>A page of items.</summary>
internal sealed record GorseItems(string Cursor, IReadOnlyList<GorseItem> Items);

/// <summary>What a user did with an item.</summary>
internal sealed record GorseFeedback(string FeedbackType, string UserId, string ItemId, DateTimeOffset Timestamp, string Comment);

using System.Buffers;
using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.BatchJobs;

/// <summary>
/// The body of <c>POST /recommend/batch</c>: for whom, and beside that what the body of <c>POST /recommend</c> may say of a list, read as
/// there.
/// </summary>
internal sealed class BatchRequest
{
    private const string UserIds = "user_ids", Everybody = "all";

    // What belongs to one request and its one reply.
    private static readonly string[] Single = [.. RecommendQuery.Subjects, "include", RecommendQuery.Model, "min_position", "budget_ms"];

    private readonly RecommendReading list;

    /// <param name="json">The body, an object or not.</param>
    /// <param name="mostUsers">Most users that it may name.</param>
    /// <param name="expressions">Reads filter and boost.</param>
    /// <param name="policies">Has the scenarios.</param>
    public BatchRequest(JsonElement json, int mostUsers, ExpressionCache expressions, PolicyBook policies)
    {
        var reader = new JsonObjectReader(json, "");
        Users = reader.Texts(UserIds, mostUsers)?.Distinct(StringComparer.Ordinal).ToArray();
        IsForAll = reader.Flag(Everybody) == true;
        if (reader.IsObject && reader.Faults.Count == 0 && IsForAll == Users is not null)
            reader.Add("invalid", UserIds, "must name the users, or all must be true in its place");
        if (Users is []) reader.Add("invalid", UserIds, "must not be empty");
        foreach (var name in Single)
        {
            if (reader.IsObject && json.TryGetProperty(name, out _)) reader.Add("unknown_field", name, "is for POST /recommend alone");
        }
        list = new RecommendReading(Rest(json), expressions, policies);
        Faults = [.. reader.Faults, .. list.Faults];
    }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<FieldFault> Faults { get; private set; }

    /// <summary>The users that are named, each once; null where it is for all.</summary>
    public IReadOnlyList<string>? Users { get; }

    /// <summary>True for everybody who has a profile.</summary>
    public bool IsForAll { get; }

    /// <summary>Looks up what the request names in the catalogue.</summary>
    /// <returns>What each user's list is asked for by, whose user has to be set; null where <see cref="Faults"/> has some.</returns>
    public RecommendationRequest? Resolve(ItemCatalog catalog)
    {
        if (Faults.Count == 0 && list.Resolve(catalog)) return list.Query.Request;
        Faults = [.. Faults.Union(list.Faults)];
        return null;
    }

    // With somebody in it, whom every request must name.
    private static JsonElement Rest(JsonElement json)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString(RecommendQuery.Subjects[0], "somebody");
            if (json.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in json.EnumerateObject())
                {
                    if (property.Name is UserIds or Everybody || Single.Contains(property.Name, StringComparer.Ordinal)) continue;
                    property.WriteTo(writer);
                }
            }
            writer.WriteEndObject();
        }
        using var rest = JsonDocument.Parse(bytes.WrittenMemory);
        return rest.RootElement.Clone();
    }
}

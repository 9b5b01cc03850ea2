using System.Text.Json.Serialization.Metadata;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Replies as clients of gorse expect them: 200 with JSON for whatever went well.</summary>
internal static class GorseResults
{
    public static IResult Of<T>(T value, JsonTypeInfo<T> type) => new JsonReply<T>(value, type, StatusCodes.Status200OK);

    public static IResult Count(int rows) => Of(new GorseCount(rows), GorseJson.Default.GorseCount);
}

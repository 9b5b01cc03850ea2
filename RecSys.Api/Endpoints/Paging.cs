using System.Buffers.Text;
using System.Text;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints;

/// <summary>Pages of a list that goes on while it is read: a cursor says behind which row the next page begins.</summary>
internal static class Paging
{
    public const int Default = 100;
    public const int Max = 1000;

    public static readonly string[] Parameters = ["cursor", "limit"];

    /// <param name="http">The request.</param>
    /// <param name="after">Key of the row before the page; null for the first page.</param>
    /// <param name="limit">Rows wanted.</param>
    /// <returns>The refusal, or null.</returns>
    public static IResult? Read(HttpContext http, out string? after, out int limit)
    {
        var query = http.Query();
        limit = query.WholeNumber("limit", 1, Max, Default);
        after = null;
        if (query.Text("cursor") is { } cursor)
        {
            var bytes = new byte[cursor.Length + 4];
            if (cursor.Length is > 0 and <= 2048 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)) after = Encoding.UTF8.GetString(bytes, 0, length);
            else query.Fail("cursor", "must be the next_cursor of a page before");
        }
        return query.AreValid ? null : Problems.BadRequest(query.Errors);
    }

    public static string? Cursor(string? next) => next is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next));
}

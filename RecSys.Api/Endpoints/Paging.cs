using System.Globalization;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints;

/// <summary>Pages of a list that goes on while it is read: a cursor says behind which row the next page begins.</summary>
internal static class Paging
{
    public const int Default = 100;
    public const int Max = 1000;

    public static readonly string[] Parameters = ["cursor", "limit"];

    /// <param name="http">The request.</param>
    /// <param name="first">What the first page comes behind.</param>
    /// <param name="after">Number of the row before the page.</param>
    /// <param name="limit">Rows wanted.</param>
    /// <returns>The refusal, or null.</returns>
    public static IResult? Read(HttpContext http, long first, out long after, out int limit)
    {
        var query = http.Query();
        limit = query.WholeNumber("limit", 1, Max, Default);
        after = first;
        if (query.Text("cursor") is { } cursor
            && !(cursor.StartsWith('c')
                && long.TryParse(cursor.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out after)
                && after >= first))
        {
            query.Fail("cursor", "must be the next_cursor of the page before");
        }
        return query.AreValid ? null : Problems.BadRequest(query.Errors);
    }

    /// <summary>The cursor of the next page; null when this one was not full.</summary>
    public static string? Cursor(int rows, int limit, long last) =>
        rows < limit ? null : "c" + last.ToString("x", CultureInfo.InvariantCulture);
}

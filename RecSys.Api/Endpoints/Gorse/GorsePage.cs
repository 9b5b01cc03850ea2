using System.Globalization;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>What part of a list is wanted: <c>n</c> and <c>cursor</c>, or <c>n</c> and <c>offset</c>.</summary>
internal static class GorsePage
{
    // As gorse has it where nothing else is set.
    private const int DefaultN = 10;

    /// <summary>Parameters of lists that a cursor goes through; some clients write it with a capital letter.</summary>
    public static readonly string[] Cursors = ["n", "cursor", "Cursor"];

    /// <summary>Reads <c>n</c> and <c>cursor</c>; an empty one asks for the first page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="first">What the first page comes behind.</param>
    /// <param name="after">Number of the row before the page.</param>
    /// <param name="n">Rows wanted.</param>
    /// <returns>The refusal, or null.</returns>
    public static IResult? Read(HttpContext http, long first, out long after, out int n)
    {
        var query = http.Query();
        n = query.WholeNumber("n", 1, Paging.Max, DefaultN);
        after = first;
        if ((query.Text("cursor") ?? query.Text("Cursor")) is { Length: > 0 } cursor
            && !(long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after) && after >= first))
        {
            query.Fail("cursor", "must be the Cursor of the page before");
        }
        return query.AreValid ? null : Problems.BadRequest(query.Errors);
    }

    /// <summary>The cursor of the next page; empty when this one was not full.</summary>
    public static string Next(int rows, int n, long last) => rows < n ? "" : last.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads <c>n</c> and <c>offset</c>, which must not reach beyond a number of items together.</summary>
    public static (int N, int Offset) Offsets(QueryParameters query, int most)
    {
        var n = query.WholeNumber("n", 1, most, DefaultN);
        var offset = query.WholeNumber("offset", 0, most, 0);
        if (n + offset > most) query.Fail("offset", $"must not be more than {most} together with n: lists go no further here");
        return (n, offset);
    }
}

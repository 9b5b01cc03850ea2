namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Ids may have slashes, addresses may not: in an address <c>%2F</c> stands for a slash of the id. The server decodes every other escape
/// and leaves this one, so that <c>/items/a%2Fb</c> is the item that events call <c>a/b</c>.
/// </summary>
internal static class PathIds
{
    private const string Slash = "%2F";

    /// <summary>Stands behind routing and before everything that reads the route's values.</summary>
    public static void UsePathIds(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        foreach (var (_, value) in http.Request.RouteValues)
        {
            if (value is not string text || !text.Contains(Slash, StringComparison.OrdinalIgnoreCase)) continue;
            http.Request.RouteValues = Decoded(http.Request.RouteValues);
            break;
        }
        return next(http);
    });

    private static RouteValueDictionary Decoded(RouteValueDictionary values) =>
        new(values.Select(entry => KeyValuePair.Create<string, object?>(
        entry.Key, entry.Value is string text ? text.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase) : entry.Value)));
}

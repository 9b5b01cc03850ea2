namespace RecSys.Api.Hosting;

/// <summary>Headers of every reply: nothing of it is a page, may be framed, guessed at or kept by caches.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var readiness = app.ApplicationServices.GetRequiredService<Readiness>();
        app.Use((http, next) =>
        {
            // When the reply begins, because a handled exception empties the headers.
            http.Response.OnStarting(static state =>
            {
                var (response, readiness) = ((HttpResponse, Readiness))state;
                var headers = response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
                headers["Referrer-Policy"] = "no-referrer";
                if (headers.CacheControl.Count == 0) headers.CacheControl = "private, no-store";
                // While the server drains, clients shall find another one instead of reusing this connection.
                if (readiness.IsStopping) headers.Connection = "close";
                return Task.CompletedTask;
            }, (http.Response, readiness));
            return next(http);
        });
    }
}

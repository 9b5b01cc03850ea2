using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace RecSys.Api.Dashboard;

/// <summary>
/// The files of the dashboard, which lie in the program itself: <c>dotnet run</c>, a publication and an image have the same. Each has its
/// checksum as <c>ETag</c>; browsers ask again and get 304 as long as it is the same program.
/// </summary>
internal sealed class SiteFiles
{
    private const string Prefix = "dashboard/";
    private const string Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".md"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, SiteFile> files;
    private readonly string policy;

    public SiteFiles(DashboardOptions options)
    {
        var program = Assembly.GetExecutingAssembly();
        files = program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Read(program, name), StringComparer.Ordinal);
        // Pico draws its arrows by data: addresses. Styles are files, too: no script and no style stands in a page.
        policy = $"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + $"img-src {string.Join(' ', ["'self'", "data:", .. options.ImageHosts])}; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    /// <summary>Paths of all files below <c>/dashboard/</c>.</summary>
    public IEnumerable<string> Paths => files.Keys;

    /// <summary>A file by its path below <c>/dashboard/</c>; empty for the page itself. Null where there is none.</summary>
    public IResult? Find(HttpContext http, string path)
    {
        if (!files.TryGetValue(path.Length == 0 ? Index : path, out var file)) return null;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.CacheControl = "no-cache";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return TypedResults.Bytes(file.Content, file.Type, entityTag: file.Tag);
    }

    private static SiteFile Read(Assembly program, string name)
    {
        using var stream = program.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));
        return new SiteFile(content, Types[Path.GetExtension(name)], new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{tag}\""));
    }

    private sealed record SiteFile(byte[] Content, string Type, Microsoft.Net.Http.Headers.EntityTagHeaderValue Tag);
}

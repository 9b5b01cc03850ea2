using System.Net;
using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>Where a key set comes from: a file or an address. No redirects, five seconds, 256 KB.</summary>
internal sealed class JwksSource : IDisposable
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly string name;
    private readonly Uri? address;
    private readonly HttpClient? client;

    /// <exception cref="RecSysException">An address that is neither https nor on the loopback.</exception>
    public JwksSource(string fileOrAddress)
    {
        name = fileOrAddress;
        if (!fileOrAddress.Contains("://", StringComparison.Ordinal)) return;
        if (!Uri.TryCreate(fileOrAddress, UriKind.Absolute, out address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
                || address.UserInfo.Length > 0)
        {
            throw new RecSysException("Authentication:Jwks must be a file or an https address without user name (http only on the "
                + "loopback): whoever can change the keys on their way can sign tokens.");
        }
        client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = MaxBytes,
        };
    }

    /// <exception cref="RecSysException">The set cannot be read or is not usable; the message says why.</exception>
    public async Task<IReadOnlyList<SecurityKey>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonWebKeys.Parse(client is null ? await ReadFileAsync(cancellationToken) : await DownloadAsync(cancellationToken));
        }
        catch (RecSysException refusal)
        {
            throw Unusable(refusal.Message, refusal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unusable(exception is TaskCanceledException ? "no answer within five seconds" : exception.Message, exception);
        }
    }

    public void Dispose() => client?.Dispose();

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken)
    {
        if (new FileInfo(name).Length > MaxBytes) throw new RecSysException($"it is larger than {MaxBytes} bytes");
        return await File.ReadAllBytesAsync(name, cancellationToken);
    }

    private async Task<byte[]> DownloadAsync(CancellationToken cancellationToken)
    {
        using var response = await client!.GetAsync(address, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw new RecSysException($"the answer is {(int)response.StatusCode}, not 200; redirects are not followed");
    }

    private RecSysException Unusable(string why, Exception inner) =>
        new($"The key set {name} of Authentication:Jwks cannot be used: {why}.", inner);
}

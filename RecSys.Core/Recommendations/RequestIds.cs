using System.Security.Cryptography;

namespace RecSys.Core.Recommendations;

/// <summary>Request ids: <c>req_</c> and 20 unguessable lower-case hexadecimal characters.</summary>
internal static class RequestIds
{
    public static string Next() => "req_" + RandomNumberGenerator.GetHexString(20, lowercase: true);
}

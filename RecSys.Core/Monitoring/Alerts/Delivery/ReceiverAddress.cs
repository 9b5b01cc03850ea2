using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>Reads addresses and keys of receivers, which are secrets: no message repeats them.</summary>
internal static class ReceiverAddress
{
    private const int MaxBytes = 4096;

    /// <summary>True for an absolute address of http or https without user and password.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0;

    /// <summary>The address of an option.</summary>
    /// <param name="text">The address.</param>
    /// <param name="option">Name of the option.</param>
    /// <param name="isDevelopment">In Development it may be http.</param>
    /// <exception cref="RecSysException">It is none, or not https.</exception>
    public static Uri Parse(string text, string option, bool isDevelopment)
    {
        if (!IsAddress(text)) throw new RecSysException($"{option} must be an address such as https://hooks.example.com/services/...");
        var uri = new Uri(text);
        return uri.Scheme == "https" || isDevelopment
            ? uri : throw new RecSysException($"{option} must be https outside Development: keys would be readable on the way.");
    }

    /// <summary>A secret that stands in an option or in a file, each null where it is not set.</summary>
    /// <returns>Null when it stands in neither.</returns>
    /// <exception cref="RecSysException">The file is not there, cannot be read, is empty, or has more than one line.</exception>
    public static string? Secret(string? value, string? path, string option)
    {
        if (path is null) return value?.Trim();
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new RecSysException($"{option}: there is no file {path}. Correct the path, or leave the option out.");
            if (file.Length is > 0 and <= MaxBytes && File.ReadAllText(path).Trim() is { Length: > 0 } text && !text.Contains('\n'))
                return text;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{option}: {path} cannot be read: {fault.Message}", fault);
        }
        throw new RecSysException($"{option}: {path} must be a file with one line, of at most {MaxBytes} bytes.");
    }
}

namespace RecSys.Core.Domain;

/// <summary>Reads settings that are texts and may be left out.</summary>
internal static class SettingText
{
    /// <summary>Null for a text of nothing but blanks, which is how an environment variable says "none".</summary>
    public static string? OrNone(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

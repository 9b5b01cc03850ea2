using System.Collections;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace RecSys.Api.Hosting;

/// <summary>Finds values that an option cannot take, and says what it takes in words of settings, not of types.</summary>
internal static class SettingValues
{
    private static readonly Dictionary<Type, string> words = new()
    {
        [typeof(int)] = "a whole number", [typeof(long)] = "a whole number", [typeof(double)] = "a number", [typeof(float)] = "a number",
        [typeof(bool)] = "true or false", [typeof(TimeSpan)] = "a time span such as 00:10:00",
        [typeof(DateTimeOffset)] = "a time such as 2026-02-01T03:00:00Z", [typeof(Uri)] = "an address",
    };

    /// <summary>What is wrong with the first value of a section that cannot be read; null where all can.</summary>
    /// <param name="section">The settings.</param>
    /// <param name="type">The class of their options.</param>
    public static string? FindUnreadable(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(
                type.GetProperties(), each => each.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase) && each.CanWrite);
            if (property is not null && Unreadable(child, property) is { } fault) return fault;
        }
        return null;
    }

    private static string? Unreadable(IConfigurationSection setting, PropertyInfo property)
    {
        if (SectionReader.IsOptions(property.PropertyType)) return FindUnreadable(setting, property.PropertyType);
        var (type, isOpen) = Nullable.GetUnderlyingType(property.PropertyType) is { } open ? (open, true) : (property.PropertyType, false);
        if (type == typeof(string) || typeof(IEnumerable).IsAssignableFrom(type)) return null;
        if (setting.Value is not { } value || (isOpen && value.Length == 0) || Takes(type, value)) return null;
        return type.IsEnum
            ? $"{setting.Path} must be {Names(type)}, not \"{value}\"."
            : $"{setting.Path} must be {words.GetValueOrDefault(type, "another value")}, not \"{value}\".";
    }

    // Numbers pass for enumerations, too, whatever they stand for.
    private static bool Takes(Type type, string value)
    {
        if (type.IsEnum) return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string))) return true;
        try
        {
            return converter.ConvertFromInvariantString(value) is not null;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Names(Type type)
    {
        string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}

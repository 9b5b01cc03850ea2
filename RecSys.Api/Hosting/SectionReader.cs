using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting;

/// <summary>
/// Reads a section of the configuration into its options class and checks every range, those of nested options too. A misspelt option is
/// refused.
/// </summary>
internal static class SectionReader
{
    /// <exception cref="RecSysException">A value cannot be read, is out of range, or belongs to no option; the message names
    /// it.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            if (FindUnknown(configuration.GetSection(section), typeof(T)) is { } unknown)
                throw new RecSysException($"There is no setting {unknown}", exception);
            if (SettingValues.FindUnreadable(configuration.GetSection(section), typeof(T)) is { } unreadable)
                throw new RecSysException(unreadable, exception);
            throw new RecSysException(
                $"The settings of section {section} cannot be read: {exception.Message} {exception.InnerException?.Message}".TrimEnd(),
                exception);
        }
        Check(options, section);
        return options;
    }

    /// <summary>The first setting that no property takes, and what there is in its place; null where all are taken.</summary>
    public static string? FindUnknown(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperties()
                .FirstOrDefault(each => IsSetting(each) && each.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                var known = type.GetProperties().Where(IsSetting).Select(each => each.Name).ToArray();
                return NearestName.Of(child.Key, known) is { } near
                    ? $"{child.Path}; did you mean {section.Path}:{near}?" : $"{child.Path}; {section.Path} has "
                        + $"{string.Join(", ", known)}.";
            }
            if (IsOptions(property.PropertyType) && !string.IsNullOrEmpty(child.Value))
                return $"{child.Path} with a value of its own; it is a section, which has "
                    + $"{string.Join(", ", property.PropertyType.GetProperties().Where(IsSetting).Select(each => each.Name))}.";
            if (IsOptions(property.PropertyType) && FindUnknown(child, property.PropertyType) is { } nested) return nested;
            if (ElementOf(property.PropertyType) is { } element && FindUnknownElement(child, element) is { } inside) return inside;
            if (IsSingle(property.PropertyType) && child.GetChildren().FirstOrDefault() is { } below)
                return $"{below.Path}; {child.Path} is a single value.";
        }
        return null;
    }

    private static string? FindUnknownElement(IConfigurationSection list, Type element)
    {
        // An empty list has an empty value.
        if (!string.IsNullOrEmpty(list.Value))
            return $"{list.Path} with a value of its own; write {list.Path}:0:{FirstOf(element)} and so on.";
        foreach (var entry in list.GetChildren())
        {
            if (!string.IsNullOrEmpty(entry.Value))
                return $"{entry.Path} with a value of its own; write {entry.Path}:{FirstOf(element)} and so on.";
            if (FindUnknown(entry, element) is { } unknown) return unknown;
        }
        return null;
    }

    private static string FirstOf(Type element) => element.GetProperties().First(IsSetting).Name;

    // Of a list of options their class; null for everything else.
    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var element] && IsOptions(element) ? element : null;

    // A list is filled in place and needs no setter.
    private static bool IsSetting(PropertyInfo property) => property.CanWrite || !IsSingle(property.PropertyType);

    private static bool IsSingle(Type type) => !IsOptions(type) && (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type));

    /// <summary>Whether it is the class of a section's options.</summary>
    public static bool IsOptions(Type type) => type.IsClass && type.Namespace?.StartsWith("RecSys.", StringComparison.Ordinal) == true;

    private static void Check(object options, string section)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new RecSysException(
                $"The settings of section {section} are not usable: {string.Join(' ', faults.Select(fault => fault.ErrorMessage))}");
        foreach (var property in options.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
        {
            var path = $"{section}:{property.Name}";
            if (IsOptions(property.PropertyType) && property.GetValue(options) is { } part) Check(part, path);
            if (ElementOf(property.PropertyType) is null || property.GetValue(options) is not IEnumerable list) continue;
            foreach (var (at, element) in list.Cast<object>().Index()) Check(element, $"{path}:{at}");
        }
    }
}

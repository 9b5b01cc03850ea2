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
            if (IsOptions(property.PropertyType) && FindUnknown(child, property.PropertyType) is { } nested) return nested;
            if (IsSingle(property.PropertyType) && child.GetChildren().FirstOrDefault() is { } below)
                return $"{below.Path}; {child.Path} is a single value.";
        }
        return null;
    }

    // A list is filled in place and needs no setter.
    private static bool IsSetting(PropertyInfo property) => property.CanWrite || !IsSingle(property.PropertyType);

    private static bool IsSingle(Type type) => !IsOptions(type) && (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type));

    private static bool IsOptions(Type type) => type.IsClass && type.Namespace?.StartsWith("RecSys.", StringComparison.Ordinal) == true;

    private static void Check(object options, string section)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new RecSysException(
                $"The settings of section {section} are not usable: {string.Join(' ', faults.Select(fault => fault.ErrorMessage))}");
        foreach (var property in options.GetType().GetProperties())
        {
            if (IsOptions(property.PropertyType) && property.GetIndexParameters().Length == 0 && property.GetValue(options) is { } part)
            {
                Check(part, $"{section}:{property.Name}");
            }
        }
    }
}

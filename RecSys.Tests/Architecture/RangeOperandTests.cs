using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;

namespace RecSys.Tests.Architecture;

/// <summary>
/// A range of whole numbers converts what it checks to a whole number first: -0.4 is 0 then, and NaN cannot be converted at all. A range is
/// written in the numbers of its property.
/// </summary>
public sealed class RangeOperandTests
{
    private static readonly (PropertyInfo Property, RangeAttribute Range)[] Ranges =
    [
        .. from assembly in new[] { typeof(Item).Assembly, typeof(Settings).Assembly }
           from type in assembly.GetTypes()
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let range = property.GetCustomAttribute<RangeAttribute>()
           where range is not null
           select (property, range),
    ];

    [Fact]
    public void Ranges_OfAllOptions_AreInTheNumbersOfTheirProperties()
    {
        Assert.True(Ranges.Length >= 150, $"{Ranges.Length} ranges were found");
        Assert.Empty(Ranges.Where(each => !Fits(each.Range.OperandType, TypeOf(each.Property)))
            .Select(each => $"{Name(each.Property)} is {TypeOf(each.Property).Name}, its range {each.Range.OperandType.Name}"));
    }

    [Fact]
    public void Ranges_OfFractions_RefuseWhatIsOutsideAndWhatIsNoNumber()
    {
        var fractions = Ranges.Where(each => TypeOf(each.Property) == typeof(double)).ToArray();

        Assert.True(fractions.Length >= 80, $"{fractions.Length} ranges were found");
        Assert.Empty(
            from each in fractions
            let low = Convert.ToDouble(each.Range.Minimum, CultureInfo.InvariantCulture)
            let high = Convert.ToDouble(each.Range.Maximum, CultureInfo.InvariantCulture)
            from value in (double[])[double.NaN, double.NegativeInfinity, double.PositiveInfinity, low - 0.4, high * 1.4]
            where !(value >= low && value <= high) && !Refuses(each.Range, each.Property.Name, value)
            select $"{Name(each.Property)} takes {value}");
    }

    [Theory]
    [InlineData(typeof(int), typeof(double), false)]
    [InlineData(typeof(int), typeof(long), false)]
    [InlineData(typeof(int), typeof(int), true)]
    [InlineData(typeof(double), typeof(double), true)]
    [InlineData(typeof(double), typeof(long), true)]
    public void Fits_KnownPairs_AreTold(Type operand, Type property, bool fits) => Assert.Equal(fits, Fits(operand, property));

    // A double holds the whole numbers of every limit that there is.
    private static bool Fits(Type operand, Type property) =>
        operand == property || (operand == typeof(double) && (property == typeof(long) || property == typeof(int)));

    private static bool Refuses(RangeAttribute range, string name, double value) =>
        range.GetValidationResult(value, new ValidationContext(range) { MemberName = name, DisplayName = name })?.ErrorMessage
            is { Length: > 0 } message && message.Contains(name, StringComparison.Ordinal);

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}

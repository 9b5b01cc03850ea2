namespace RecSys.Api.Contracts;

/// <summary>Figures as replies tell them.</summary>
internal static class Rounded
{
    public static double? Rate(double? rate) => rate is { } known ? Math.Round(known, 6) : null;

    public static double Money(double amount) => Math.Round(amount, 4);

    public static double? Money(double? amount) => amount is { } known ? Money(known) : null;
}

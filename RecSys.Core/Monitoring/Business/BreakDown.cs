namespace RecSys.Core.Monitoring.Business;

/// <summary>What business figures are told apart by.</summary>
public enum BreakDown
{
    /// <summary>Arm of the experiment; <c>experiment/variant</c> inside of one.</summary>
    Variant,

    /// <summary>Named placement; <c>home</c> where the request named none.</summary>
    Scenario,

    /// <summary>
    /// Kinds of users, several at a time: <c>device:</c>, <c>user:</c>, <c>age:</c> and <c>gender:</c>, each of which adds up.
    /// </summary>
    Segment,

    /// <summary>Who proposed the item; one that several proposed counts for each.</summary>
    Source,
}

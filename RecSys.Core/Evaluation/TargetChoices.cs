using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>The names that commands and reports have for <see cref="TargetChoice"/>.</summary>
public static class TargetChoices
{
    /// <summary>Every choice, in the order of a report.</summary>
    public static IReadOnlyList<TargetChoice> All { get; } = [TargetChoice.Successive, TargetChoice.Last, TargetChoice.First];

    /// <summary><c>successive</c>, <c>last</c> or <c>first</c>.</summary>
    public static string NameOf(TargetChoice choice) => choice switch
    {
        TargetChoice.Successive => "successive",
        TargetChoice.Last => "last",
        _ => "first",
    };

    /// <exception cref="RecSysException">No choice has that name.</exception>
    public static TargetChoice Parse(string name)
    {
        foreach (var choice in All)
        {
            if (NameOf(choice) == name) return choice;
        }
        throw new RecSysException($"{name} is no choice of targets; take one of {string.Join(", ", All.Select(NameOf))}.");
    }
}

using System.Diagnostics;

namespace RecSys.Core.Training.Scheduling;

/// <summary>
/// Hands settings on to a child by its environment: everybody on the machine may read a command line, and some settings are keys.
/// </summary>
internal static class ChildSettings
{
    // What stands for a colon in the names of variables.
    private const string Colon = "__";

    /// <param name="start">The child, which otherwise has this process's environment.</param>
    /// <param name="settings">By names such as <c>Training:Seed</c>; they win over variables of the same setting.</param>
    public static void Give(ProcessStartInfo start, IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            // Names of settings are the same in any case, and those of variables are not.
            foreach (var other in start.Environment.Keys.Where(key => IsOf(key, name)).ToArray()) start.Environment.Remove(other);
            start.Environment[name.Replace(":", Colon, StringComparison.Ordinal)] = value;
        }
    }

    private static bool IsOf(string variable, string name) =>
        variable.Replace(Colon, ":", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase);
}

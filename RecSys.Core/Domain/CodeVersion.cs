using System.Reflection;

namespace RecSys.Core.Domain;

/// <summary>Which code this is, for what it writes.</summary>
public static class CodeVersion
{
    /// <summary>The commit that it was built from; <c>unknown</c> outside of a repository.</summary>
    // The build writes the commit behind a plus sign into the informational version.
    public static string Commit { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is
            [_, var commit] ? commit : "unknown";
}

namespace RecSys.Core.Import;

/// <summary>What the rows of an import file are.</summary>
public enum RecordKind
{
    Users,
    Items,
    Events,
}

/// <summary>The kinds by the names they have on the command line and in file names.</summary>
public static class RecordKinds
{
    private static readonly string[] Names = ["users", "items", "events"];

    public static string AllNames { get; } = string.Join(", ", Names);

    public static string Name(RecordKind kind) => Names[(int)kind];

    public static bool TryParse(string name, out RecordKind kind)
    {
        var at = Array.IndexOf(Names, name);
        kind = at < 0 ? default : (RecordKind)at;
        return at >= 0;
    }
}

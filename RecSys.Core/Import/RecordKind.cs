namespace RecSys.Core.Import;

/// <summary>What the rows of an import file are.</summary>
public enum RecordKind
{
    Users,
    Items,
    Events,
}

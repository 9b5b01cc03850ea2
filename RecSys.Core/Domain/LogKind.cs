namespace RecSys.Core.Domain;

/// <summary>What a log entry changes. The numeric values are stored; append only.</summary>
public enum LogKind : byte
{
    Event = 0,
    ItemPut = 1,
    ItemRemoval = 2,
    UserPut = 3,
    UserMerge = 4,
    UserErasure = 5,
    ListShown = 6,
    PolicyPut = 7,
    RuleChange = 8,
}

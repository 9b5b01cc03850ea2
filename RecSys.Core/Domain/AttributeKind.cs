namespace RecSys.Core.Domain;

/// <summary>What an <see cref="AttributeValue"/> holds. The numbers are part of stored forms.</summary>
public enum AttributeKind : byte
{
    Text = 0,
    Number = 1,
    Boolean = 2,
    Time = 3,
    /// <summary>A list of texts.</summary>
    List = 4,
}

namespace RecSys.Core.Domain;

/// <summary>What an event says about the user's opinion of the item. The numeric values are stored; append only.</summary>
public enum EventMeaning : byte
{
    /// <summary>No opinion, such as an impression.</summary>
    Neutral = 0,
    /// <summary>The user wanted the item.</summary>
    Positive = 1,
    /// <summary>The user did not want it.</summary>
    Negative = 2,
    /// <summary>Takes an earlier event of the same type back: a cancelled order, a withdrawn like.</summary>
    Undo = 3,
}

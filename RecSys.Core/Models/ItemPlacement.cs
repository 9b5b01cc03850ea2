namespace RecSys.Core.Models;

/// <summary>Where a model has a new or changed item afterwards.</summary>
public enum ItemPlacement
{
    /// <summary>
    /// The embedding of the bundle still holds: nothing that the tower reads has changed, or the bundle cannot tell what a change would
    /// make of it.
    /// </summary>
    InBundle,

    /// <summary>It has an embedding of its present content.</summary>
    Embedded,

    /// <summary>It stands on its content without its text, or on its earlier content, until the embedding of the text is given.</summary>
    AwaitsText,

    /// <summary>It has no embedding, because the bundle has no item tower; other sources may still propose it.</summary>
    NoTower,

    /// <summary>
    /// As many items as the model takes in have changed since the bundle was made; what held for the item still holds. A new bundle makes
    /// room.
    /// </summary>
    Full,
}

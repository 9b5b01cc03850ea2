using RecSys.Core.Domain;

namespace RecSys.Core.Import.Meaning;

/// <summary>What a sender's word for an event stands for.</summary>
/// <param name="Type">The type.</param>
/// <param name="Meaning">Where the word says more than the type, such as a cancellation; null: what the type says.</param>
public readonly record struct MappedType(EventType Type, EventMeaning? Meaning = null)
{
    /// <summary>Reads a type, or a type and a meaning such as <c>purchase:undo</c>.</summary>
    /// <exception cref="RecSysException">It is neither.</exception>
    public static MappedType Parse(string text) => TypeNames.Parse(text) ?? throw new RecSysException(
        $"'{text}' is no type of event. Types are {EventTypes.AllNames}, with a meaning behind a colon where needed "
            + $"({string.Join(", ", EventNames.Meanings)}), such as purchase:undo.");
}

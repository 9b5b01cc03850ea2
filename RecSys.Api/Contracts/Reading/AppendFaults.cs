using RecSys.Core.Storage;

namespace RecSys.Api.Contracts.Reading;

/// <summary>What the log objects to in a record that reads well.</summary>
internal static class AppendFaults
{
    /// <param name="outcome">What became of the record; one that says it was not taken.</param>
    /// <param name="pointer">Where the record stands.</param>
    /// <param name="subject">The field that names its user.</param>
    public static FieldFault Of(AppendOutcome outcome, string pointer, string subject) => outcome switch
    {
        AppendOutcome.TooOld =>
            new("too_old", $"{pointer}/time", "is older than event ids are remembered; import older events from a file"),
        AppendOutcome.Erased => new("erased", $"{pointer}/{subject}", "was erased; nothing of an erased user is taken"),
        AppendOutcome.Full =>
            new("unknown_item", $"{pointer}/item_id", "is unknown, and no more events on unknown items can wait; add the item first"),
        AppendOutcome.Rejected => new("not_storable", pointer, "could not be stored and was put among the dead letters"),
        _ => new("not_taken", pointer, "was not taken"),
    };
}

using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Turns what the file system says about a folder into a message that says what to do.</summary>
internal static class FolderFault
{
    /// <param name="folder">Where something was to be written.</param>
    /// <param name="outcome">What did not happen because of it, without a full stop.</param>
    /// <param name="cause">What the system said.</param>
    public static RecSysException Writing(string folder, string outcome, Exception cause) => new(
        MissingAssembly.Explain(cause) is { } part ? $"{outcome}: {part}"
            : WrongKind.Explain(cause) is { } kind ? $"{outcome}: {kind}"
            : $"{outcome}: {cause.Message.TrimEnd('.')}. See that there is room on the disk of {Path.GetFullPath(folder)} and that this "
                + "account may write there, then try again.", cause);

    /// <summary>True where the file system is behind a fault, and not what was asked for.</summary>
    public static bool IsBehind(RecSysException fault) => fault.InnerException is IOException or UnauthorizedAccessException;

    /// <param name="path">What was to be read.</param>
    /// <param name="cause">What the system said.</param>
    public static RecSysException Reading(string path, Exception cause) => new(
        MissingAssembly.Explain(cause)
            ?? WrongKind.Explain(cause)
            ?? $"{Path.GetFullPath(path)} cannot be read: {cause.Message.TrimEnd('.')}. Give this account the right to read it, or run "
                + "as the account that owns it.", cause);
}

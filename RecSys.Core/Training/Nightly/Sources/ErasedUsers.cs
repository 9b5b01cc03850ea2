using System.Text;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>Erasures change what the log says of the past, so a run that learnt from it before has to read it again.</summary>
internal static class ErasedUsers
{
    /// <summary>Ids of all that the database knows of, sorted.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(ILogContents contents, CancellationToken ct) =>
        [.. (await contents.ReadErasedAsync(ct)).Select(each => each.Id).Order(StringComparer.Ordinal)];

    /// <param name="ids">From <see cref="ReadAsync"/>.</param>
    public static StepFile Describe(IReadOnlyList<string> ids) =>
        StepFile.Of("erased users", Encoding.UTF8.GetBytes(string.Join('\n', ids)));
}

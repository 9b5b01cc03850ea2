using System.Security.Cryptography;
using System.Text;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>Erasures change what the log says of the past, so a run that learnt from it before has to read it again.</summary>
internal static class ErasedUsers
{
    /// <param name="ids">In any fixed order.</param>
    public static StepFile Describe(IReadOnlyList<string> ids)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', ids));
        return new StepFile("erased users", Convert.ToHexStringLower(SHA256.HashData(text)), text.Length);
    }
}

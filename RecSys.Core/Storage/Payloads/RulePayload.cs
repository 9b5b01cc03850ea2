using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>The stored form of a change of a rule.</summary>
internal static class RulePayload
{
    private const byte Newest = 1;

    internal static void Write(PayloadWriter writer, RuleChange change)
    {
        writer.Byte(Newest);
        writer.Text(change.RuleId);
        writer.Text(change.Json);
        writer.Text(change.By);
    }

    internal static RuleChange Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PayloadReader(bytes);
        reader.Version(Newest);
        return new RuleChange(reader.Required(), reader.Text(), reader.Required());
    }
}

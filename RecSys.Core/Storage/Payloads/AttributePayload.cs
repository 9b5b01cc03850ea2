using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>Typed attributes, in the ordinal order of their names.</summary>
internal static class AttributePayload
{
    internal static void Write(PayloadWriter writer, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        writer.Count(attributes.Count);
        if (attributes.Count == 0) return;
        foreach (var (name, value) in attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Text(name);
            writer.Byte((byte)value.Kind);
            Write(writer, value);
        }
    }

    /// <summary>Null for none.</summary>
    internal static Dictionary<string, AttributeValue>? Read(ref PayloadReader reader, SharedTexts shared)
    {
        var count = reader.Count();
        if (count == 0) return null;
        var attributes = new Dictionary<string, AttributeValue>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = reader.TryUtf8(out var utf8) ? shared.Of(utf8) : "";
            attributes[name] = Read(ref reader, (AttributeKind)reader.Byte());
        }
        return attributes;
    }

    private static void Write(PayloadWriter writer, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Number:
                writer.Double(value.Number);
                break;
            case AttributeKind.Boolean:
                writer.Byte(value.Flag ? (byte)1 : (byte)0);
                break;
            case AttributeKind.Time:
                writer.Signed(value.Time.UtcTicks);
                break;
            case AttributeKind.List:
                writer.Count(value.Texts.Count);
                foreach (var text in value.Texts) writer.Text(text);
                break;
            default:
                writer.Text(value.ToString());
                break;
        }
    }

    private static AttributeValue Read(ref PayloadReader reader, AttributeKind kind)
    {
        switch (kind)
        {
            case AttributeKind.Number:
                return AttributeValue.Of(reader.Double());
            case AttributeKind.Boolean:
                return AttributeValue.Of(reader.Byte() != 0);
            case AttributeKind.Time:
                return AttributeValue.Of(new DateTimeOffset(reader.Signed(), TimeSpan.Zero));
            case AttributeKind.Text:
                return AttributeValue.Of(reader.Required());
            case AttributeKind.List:
                var texts = new string[reader.Count()];
                for (var i = 0; i < texts.Length; i++) texts[i] = reader.Required();
                return AttributeValue.Of(texts);
            default:
                throw new RecSysException($"A stored attribute is of kind {(int)kind}, which this version of RecSys does not know. "
                    + "Use the version that wrote it.");
        }
    }
}

using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace RecSys.Tests.Retrieval.Text;

/// <summary>Rewrites a float32 safetensors file in two bytes per value, with an int64 tensor as older checkpoints carry one.</summary>
internal static class HalfPrecision
{
    public static void Rewrite(string path, string type)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        var values = bytes.AsSpan(8 + length);
        var halves = new byte[values.Length / 2 + 8];
        for (var i = 0; i < values.Length / 4; i++)
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(values[(i * 4)..]);
            if (type == "F16") BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(i * 2), (Half)value);
            else BinaryPrimitives.WriteUInt16LittleEndian(halves.AsSpan(i * 2), (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        }
        header.Remove("__metadata__");
        foreach (var (_, entry) in header)
        {
            entry!["dtype"] = type;
            entry["data_offsets"] = new JsonArray([.. entry["data_offsets"]!.AsArray().Select(o => (JsonNode)((int)o! / 2))]);
        }
        header["embeddings.position_ids"] = JsonNode.Parse($$"""{"dtype":"I64","shape":[1],"data_offsets":[{{values.Length / 2}},{{values.Length / 2 + 8}}]}""");
        var text = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length);
        File.WriteAllBytes(path, [.. prefix, .. text, .. halves]);
    }
}

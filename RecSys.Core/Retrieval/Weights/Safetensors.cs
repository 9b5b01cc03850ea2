using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Weights;

/// <summary>
/// Reads weights (F32, F16, BF16) and writes float32 ones in the safetensors layout: the header's length as a little-endian u64, a JSON
/// header
/// {name: {dtype, shape, data_offsets}}, then the raw values. A damaged or hostile file is refused before its values are used.
/// </summary>
internal static class Safetensors
{
    // Weights of a tower have a dozen names; a megabyte of header is far beyond any real file.
    private const long MaxHeader = 1 << 20;
    private const int MaxRank = 8;

    // Values are read as one span of bytes.
    private const int MaxValues = int.MaxValue / sizeof(float);

    /// <param name="path">The file.</param>
    /// <param name="wanted">Says by its name whether a tensor is read; null reads all. Tensors passed over may be of any type.</param>
    /// <exception cref="RecSysException">The file cannot be read or is not a sound safetensors file, or a wanted tensor holds other than
    /// finite F32, F16 or BF16 values.</exception>
    public static Dictionary<string, WeightTensor> Read(string path, Func<string, bool>? wanted = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Read(file, path, wanted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"Cannot read weights from '{path}': {e.Message}", e);
        }
    }

    public static void Write(string path, IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        using var file = File.Create(path);
        Write(file, tensors);
    }

    public static void Write(Stream stream, IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (var (name, tensor) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Values.LongLength * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Padding with spaces keeps the values aligned, as the format recommends.
        while (header.Length % 8 != 0) header.WriteByte((byte)' ');

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var (_, tensor) in ordered) WriteValues(stream, tensor.Values);
    }

    /// <param name="stream">Seekable, at its beginning.</param>
    /// <param name="name">What to call the source in messages.</param>
    /// <param name="wanted">As above.</param>
    public static Dictionary<string, WeightTensor> Read(Stream stream, string name, Func<string, bool>? wanted = null)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8) throw Damaged(name, "it is shorter than 8 bytes");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength is < 2 or > MaxHeader || headerLength > (ulong)(stream.Length - 8))
            throw Damaged(name, $"its header claims {headerLength} bytes");
        var header = new byte[headerLength];
        stream.ReadExactly(header);

        var entries = ParseHeader(header, name);
        var available = stream.Length - 8 - (long)headerLength;
        long expected = 0;
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            // Values must fill the rest of the file without gap or overlap, so nothing can hide and nothing is read twice.
            if (entry.Begin != expected || entry.End > available)
                throw Damaged(name, $"the values of '{entry.Name}' lie at {entry.Begin}..{entry.End}, expected from {expected} and at "
                    + $"most to {available}");
            expected = entry.End;
            if (wanted?.Invoke(entry.Name) == false)
            {
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
                continue;
            }
            if (entry.Type is not ("F32" or "F16" or "BF16"))
                throw Damaged(name, $"'{entry.Name}' has type {entry.Type}, only F32, F16 and BF16 are supported");
            var values = ReadValues(stream, entry);
            foreach (var value in values)
            {
                if (!float.IsFinite(value)) throw Damaged(name, $"'{entry.Name}' holds a value that is not finite");
            }
            if (!tensors.TryAdd(entry.Name, new WeightTensor(entry.Shape, values))) throw Damaged(name, $"'{entry.Name}' appears twice");
        }
        if (expected != available) throw Damaged(name, $"{available - expected} bytes belong to no tensor");
        return tensors;
    }

    private static List<Entry> ParseHeader(byte[] header, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            var entries = new List<Entry>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__") continue;
                var dtype = property.Value.GetProperty("dtype").GetString();
                if (BytesOf(dtype) is not { } width) throw Damaged(name, $"'{property.Name}' has the unknown type {dtype}");
                var shape = property.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32()).ToArray();
                var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
                if (shape.Length > MaxRank || shape.Any(s => s < 0)) throw Damaged(name, $"'{property.Name}' has an impossible shape");
                var size = shape.Aggregate(1L, (product, s) => checked(product * s));
                if (offsets.Length != 2 || offsets[0] < 0 || checked(offsets[1] - offsets[0]) != checked(size * width) || size > MaxValues)
                    throw Damaged(name, $"shape and offsets of '{property.Name}' do not agree");
                entries.Add(new Entry(property.Name, dtype!, shape, offsets[0], offsets[1]));
            }
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or OverflowException)
        {
            throw new RecSysException($"'{name}' is not a sound safetensors file: its header is malformed ({e.Message}). Restore or "
                + "rebuild it.", e);
        }
    }

    private static int? BytesOf(string? type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" => 8,
        _ => null,
    };

    private static float[] ReadValues(Stream stream, Entry entry)
    {
        if (entry.Type != "F32") return ReadHalves(stream, entry);
        var values = new float[(entry.End - entry.Begin) / sizeof(float)];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        if (!BitConverter.IsLittleEndian) Swap(values);
        return values;
    }

    private static float[] ReadHalves(Stream stream, Entry entry)
    {
        var halves = new ushort[(entry.End - entry.Begin) / sizeof(ushort)];
        stream.ReadExactly(MemoryMarshal.AsBytes(halves.AsSpan()));
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(halves, halves);
        var values = new float[halves.Length];
        // A bfloat16 is the upper half of a float32.
        if (entry.Type == "BF16")
            for (var i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        else for (var i = 0; i < values.Length; i++) values[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
        return values;
    }

    private static void WriteValues(Stream stream, float[] values)
    {
        var copy = values;
        if (!BitConverter.IsLittleEndian) Swap(copy = (float[])values.Clone());
        stream.Write(MemoryMarshal.AsBytes(copy.AsSpan()));
    }

    private static void Swap(float[] values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values.AsSpan());
        BinaryPrimitives.ReverseEndianness(bits, bits);
    }

    private static RecSysException Damaged(string name, string reason) =>
        new($"'{name}' is not a sound safetensors file: {reason}. Restore or rebuild it.");

    private sealed record Entry(string Name, string Type, int[] Shape, long Begin, long End);
}

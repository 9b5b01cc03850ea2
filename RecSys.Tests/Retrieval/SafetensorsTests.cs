using System.Buffers.Binary;
using System.Text;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Tests.Retrieval;

public sealed class SafetensorsTests
{
    private static byte[] File(string header, params float[] values)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + values.Length * 4];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetByteCount(header));
        var at = 8 + Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
            at += 4;
        }
        return bytes;
    }

    private static Dictionary<string, WeightTensor> Read(byte[] bytes) => Safetensors.Read(new MemoryStream(bytes), "test");

    private static byte[] Sound()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, new Dictionary<string, WeightTensor>
        {
            ["b"] = new([2, 3], [1, 2, 3, 4, 5, 6]),
            ["a.weight"] = new([1], [-0.5f]),
        });
        return stream.ToArray();
    }

    [Fact]
    public void Read_FileWrittenByHand_GivesItsValues()
    {
        var tensors = Read(File("""{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},"y":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 9, 1.5f, -2));

        Assert.Equal([1.5f, -2], tensors["x"].Values);
        Assert.Equal([2, 1], tensors["x"].Shape);
        Assert.Equal([9f], tensors["y"].Values);
    }

    [Fact]
    public void Read_WhatWriteWrote_IsEqual()
    {
        var tensors = Read(Sound());

        Assert.Equal([1, 2, 3, 4, 5, 6], tensors["b"].Values);
        Assert.Equal([2, 3], tensors["b"].Shape);
        Assert.Equal([-0.5f], tensors["a.weight"].Values);
    }

    [Fact]
    public void Read_HalfPrecision_GivesTheValues()
    {
        // 1.5 and -2 as float16 are 3E00 and C000; as bfloat16, the upper halves of float32, 3FC0 and C000.
        static byte[] Halves(string type, uint bits) => File($$$"""{"x":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,4]}}""", BitConverter.UInt32BitsToSingle(bits));

        Assert.Equal([1.5f, -2], Read(Halves("F16", 0xC0003E00))["x"].Values);
        Assert.Equal([1.5f, -2], Read(Halves("BF16", 0xC0003FC0))["x"].Values);
        Assert.Throws<RecSysException>(() => Read(Halves("F16", 0x7C003E00)));
        Assert.Throws<RecSysException>(() => Read(Halves("BF16", 0x7FC03FC0)));
    }

    [Fact]
    public void Read_TensorNotWanted_MayBeOfAnyType()
    {
        var bytes = File("""{"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 0, 0, 3);

        var tensors = Safetensors.Read(new MemoryStream(bytes), "test", name => name == "x");

        Assert.Equal([3f], Assert.Single(tensors).Value.Values);
        Assert.Contains("I64", Assert.Throws<RecSysException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""")]
    [InlineData("""{"x":7}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"x":""")]
    [InlineData("""{}""")]
    public void Read_HeaderThatDoesNotFit_IsRefused(string header) => Assert.Throws<RecSysException>(() => Read(File(header, 1)));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Read_ValueNotFinite_IsRefused(float value)
    {
        var e = Assert.Throws<RecSysException>(() => Read(File("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", value)));

        Assert.Contains("not finite", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(1_000_000_000)]
    public void Read_AbsurdHeaderLength_IsRefused(long length)
    {
        var bytes = Sound();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);

        Assert.Throws<RecSysException>(() => Read(bytes));
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        var bytes = Sound();

        for (var length = 0; length < bytes.Length; length++) Assert.Throws<RecSysException>(() => Read(bytes[..length]));
    }

    [Fact]
    public void Read_AnyBytesFlipped_GivesTensorsOrRefuses()
    {
        var sound = Sound();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 4].Sample(flips =>
        {
            var bytes = (byte[])sound.Clone();
            foreach (var (at, value) in flips) bytes[at] = value;
            try
            {
                Assert.All(Read(bytes).Values, t => Assert.Equal(t.Shape.Aggregate(1, (a, b) => a * b), t.Values.Length));
            }
            catch (RecSysException)
            {
            }
        }, iter: 2000);
    }

    [Fact]
    public void Read_MissingFile_SaysWhich()
    {
        var e = Assert.Throws<RecSysException>(() => Safetensors.Read("/does/not/exist.safetensors"));

        Assert.Contains("/does/not/exist.safetensors", e.Message, StringComparison.Ordinal);
    }
}

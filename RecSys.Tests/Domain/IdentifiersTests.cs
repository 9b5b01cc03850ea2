using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class IdentifiersTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("alice_12345")]
    [InlineData("ünïcödé 😀 with spaces")]
    public void Fault_GoodId_IsNull(string id) => Assert.Null(Identifiers.Fault(id));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("a\0b", "control")]
    [InlineData("a\r\nb", "control")]
    [InlineData("../etc/passwd", "path")]
    public void Fault_BadId_SaysWhy(string? id, string word) => Assert.Contains(word, Identifiers.Fault(id), StringComparison.Ordinal);

    [Theory]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\u00a0")]
    [InlineData("\u3000a")]
    public void FaultOfNew_SpacesAround_AreRefusedWhereAnIdComesInAndBorneWhereItIsAskedFor(string id)
    {
        Assert.Contains("space", Identifiers.FaultOfNew(id), StringComparison.Ordinal);
        Assert.Null(Identifiers.Fault(id));
    }

    // Not as inline data: the test runner itself cannot carry a lone surrogate.
    [Fact]
    public void Fault_LoneSurrogate_IsRefused()
    {
        Assert.Contains("surrogate", Identifiers.Fault("a" + (char)0xD800), StringComparison.Ordinal);
        Assert.Contains("surrogate", Identifiers.Fault((char)0xDC00 + "a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_LongId_IsRefusedFromTheFirstCharacterTooMany()
    {
        Assert.Null(Identifiers.Fault(new string('x', 256)));
        Assert.Contains("256", Identifiers.Fault(new string('x', 257)), StringComparison.Ordinal);
    }
}

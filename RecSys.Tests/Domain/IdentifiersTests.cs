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
    [InlineData("a\ud800", "surrogate")]
    [InlineData("\udc00a", "surrogate")]
    public void Fault_BadId_SaysWhy(string? id, string word) => Assert.Contains(word, Identifiers.Fault(id), StringComparison.Ordinal);

    [Fact]
    public void Fault_LongId_IsRefusedFromTheFirstCharacterTooMany()
    {
        Assert.Null(Identifiers.Fault(new string('x', 256)));
        Assert.Contains("256", Identifiers.Fault(new string('x', 257)), StringComparison.Ordinal);
    }
}

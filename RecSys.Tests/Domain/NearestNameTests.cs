using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("MaxEpoch", "MaxEpochs")]
    [InlineData("max_epochs", "MaxEpochs")]
    [InlineData("BatchSzie", "BatchSize")]
    [InlineData("Sead", "Seed")]
    [InlineData("Sede", "Seed")]
    [InlineData("Btahcsize", "BatchSize")]
    [InlineData("Btahczise", null)]
    [InlineData("Epochs", null)]
    [InlineData("Sd", null)]
    public void Of_MisspeltName_IsTheOneWithFewEdits(string misspelt, string? expected) =>
        Assert.Equal(expected, NearestName.Of(misspelt, ["MaxEpochs", "BatchSize", "Seed"]));
}

using RecSys.Core.Features;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Documentation;

public sealed class FeaturesPageTests
{
    [Fact]
    public async Task FeaturesPage_IsWhatTheCatalogueSays() => Assert.Equal(
        FeatureCatalogue.Default.ToMarkdown(),
        await File.ReadAllTextAsync(Repository.File("docs/features.md"), TestContext.Current.CancellationToken));
}

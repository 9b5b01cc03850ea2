using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class FeatureCatalogueTests
{
    private static readonly FeatureCatalogue Catalogue = FeatureCatalogue.Default;

    [Fact]
    public void Default_Groups_HoldWhatTheDesignAsks()
    {
        var sizes = Catalogue.Features.CountBy(feature => feature.Group).ToDictionary();

        Assert.True(sizes[FeatureGroup.User] >= 40 && sizes[FeatureGroup.Item] >= 40 && sizes[FeatureGroup.Context] >= 20
            && sizes[FeatureGroup.Pair] >= 20);
        Assert.Equal(Catalogue.Count, Catalogue.Names.Distinct().Count());
        Assert.Equal(Catalogue.CategoricalIndexes, Enumerable.Range(0, Catalogue.Count).Where(i => Catalogue.Features[i].Categorical));
        Assert.All(Catalogue.Features, feature => Assert.Equal(feature.DriftBins.Order(), feature.DriftBins));
    }

    [Fact]
    public void Create_DuplicateName_Throws() =>
        Assert.Contains(Catalogue.Names[0],
            Assert.Throws<ArgumentException>(() => new FeatureCatalogue([Catalogue.Features[0], Catalogue.Features[0]])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Hash_AnyChange_Differs()
    {
        var first = Catalogue.Features[0];
        FeatureCatalogue Change(FeatureDefinition changed) => new([changed, .. Catalogue.Features.Skip(1)]);

        string[] hashes =
        [
            Catalogue.Hash, Change(first with { Name = "other" }).Hash, Change(first with { Unit = "other" }).Hash,
                Change(first with { Version = 2 }).Hash,
            Change(first with { Categorical = true }).Hash, Change(first with { Group = FeatureGroup.Pair }).Hash,
                new FeatureCatalogue(Catalogue.Features.Reverse()).Hash,
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(Catalogue.Hash, Change(first).Hash);
    }

    [Fact]
    public void DifferencesFrom_OtherNames_NamesEachOne()
    {
        Assert.Empty(Catalogue.DifferencesFrom(Catalogue.Names));
        Assert.Equal(2, Catalogue.DifferencesFrom([.. Catalogue.Names.Skip(1), "older_feature"]).Count);
        Assert.Contains("column 0", Catalogue.DifferencesFrom([.. Catalogue.Names.Reverse()])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ToMarkdown_Default_ListsEveryFeature()
    {
        var text = Catalogue.ToMarkdown();

        Assert.All(Catalogue.Names, name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }
}

using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Tests.Domain;

public sealed class PolicyTests
{
    [Fact]
    public void Hash_DefaultPolicy_IsThatOfItsCanonicalJson()
    {
        // printf '%s' '{"candidates":...}' | sha256sum
        Assert.Equal(
            """{"candidates":500,"co_visitation_limit":100,"consumed_days":null,"dedup_days":7,"diversity_top":10,"exploration_pool":100"""
            + ""","exploration_share":0,"freshness_boost":0.09"""
            + ""","freshness_days_per_percent":6,"max_per_category":3,"name":"default","new_item_share":0.05"""
            + ""","sources":["two_tower","neighbours","seed_items","co_visitation","trending","new","popular","deeper","repeated"]"""
            + ""","trending_limit":50}""",
            Encoding.UTF8.GetString(Policy.Default.ToJson()));
        Assert.Equal("cd826e0a35fb1d0f", Policy.Default.Hash);
    }

    [Fact]
    public void Hash_AnyChange_IsAnother()
    {
        Policy[] policies =
        [
            Policy.Default, Policy.Default with { Name = "home" }, Policy.Default with { Candidates = 501 },
                Policy.Default with { DedupDays = 7.5 },
            Policy.Default with { ConsumedDays = 0 }, Policy.Default with { ConsumedDays = 30 }, Policy.Default with { MaxPerCategory = 4 },
            Policy.Default with { DiversityTop = 11 }, Policy.Default with { FreshnessBoost = 0.1 },
            Policy.Default with { FreshnessDaysPerPercent = 7 },
            Policy.Default with { CoVisitationLimit = 0 }, Policy.Default with { TrendingLimit = 0 },
            Policy.Default with { NewItemShare = 0 }, Policy.Default with { ExplorationShare = 0.1 },
            Policy.Default with { ExplorationPool = 50 }, Policy.Default with { Sources = PolicySources.Popular | PolicySources.New },
        ];

        Assert.Equal(policies.Length, policies.Select(policy => policy.Hash).Distinct().Count());
        Assert.Equal(typeof(Policy).GetProperties().Count(property => property.CanWrite), policies.Length - 2);
        Assert.Equal((Policy.Default with { DedupDays = -0.0 }).Hash, (Policy.Default with { DedupDays = 0 }).Hash);
    }

    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSamePolicy()
    {
        var policy =
            new Policy
            {
                Name = "home.v2", Candidates = 800, ConsumedDays = 30.25, FreshnessBoost = 0.1 + 0.2, NewItemShare = 1.0 / 3,
                Sources = PolicySources.Trending,
            };

        Assert.Equal(policy, Policy.Parse(policy.ToJson()));
        Assert.Equal(Policy.Default with { Candidates = 20, ConsumedDays = null },
            Policy.Parse("""{ "candidates": 20, "consumed_days": null }"""u8.ToArray()));
        Assert.Equal(Policy.Default, Policy.Parse("{}"u8.ToArray()));
    }

    [Theory]
    [InlineData("", "not valid")]
    [InlineData("[]", "no JSON object")]
    [InlineData("null", "no JSON object")]
    [InlineData("{\"candidates\":20,\"candidates\":30}", "not valid")]
    [InlineData("{\"candidates\":20.5}", "not valid")]
    [InlineData("{\"candidates\":\"20\"}", "not valid")]
    [InlineData("{\"candidates\":null}", "not valid")]
    [InlineData("{\"candidates\":9}", "Candidates 9; allowed is 10 to 10000")]
    [InlineData("{\"dedup_days\":1e999}", "")]
    [InlineData("{\"name\":null}", "name")]
    [InlineData("{\"name\":\"Home Page\"}", "name")]
    [InlineData("{\"sources\":[]}", "no Sources; name at least one of two_tower")]
    [InlineData("{\"sources\":[\"trendng\"]}", "did you mean trending?")]
    [InlineData("{\"sources\":[\"static\"]}", "There is no source 'static'; there are two_tower, ")]
    [InlineData("{\"sources\":[null]}", "There is no source")]
    [InlineData("{\"sources\":\"trending\"}", "not valid")]
    [InlineData("{\"hash\":\"x\"}", "does not know")]
    [InlineData("{\"Candidates\":20}", "does not know")]
    public void Parse_AnythingElse_IsRefused(string json, string named) =>
        Assert.Contains(named, Assert.Throws<RecSysException>(() => Policy.Parse(Encoding.UTF8.GetBytes(json))).Message,
            StringComparison.Ordinal);

    public static TheoryData<string, Type, string> Settings => new()
    {
        { nameof(Policy.Candidates), typeof(RecommendationOptions), nameof(RecommendationOptions.Candidates) },
        { nameof(Policy.DedupDays), typeof(SeenOptions), nameof(SeenOptions.DedupDays) },
        { nameof(Policy.ConsumedDays), typeof(SeenOptions), nameof(SeenOptions.ConsumedDays) },
        { nameof(Policy.MaxPerCategory), typeof(DiversityOptions), nameof(DiversityOptions.MaxPerCategory) },
        { nameof(Policy.DiversityTop), typeof(DiversityOptions), nameof(DiversityOptions.Top) },
        { nameof(Policy.FreshnessBoost), typeof(FreshnessOptions), nameof(FreshnessOptions.Boost) },
        { nameof(Policy.FreshnessDaysPerPercent), typeof(FreshnessOptions), nameof(FreshnessOptions.DaysPerPercent) },
        { nameof(Policy.CoVisitationLimit), typeof(CoVisitationOptions), nameof(CoVisitationOptions.Limit) },
        { nameof(Policy.TrendingLimit), typeof(TrendingOptions), nameof(TrendingOptions.Limit) },
        { nameof(Policy.ExplorationShare), typeof(ExplorationOptions), nameof(ExplorationOptions.Share) },
        { nameof(Policy.ExplorationPool), typeof(ExplorationOptions), nameof(ExplorationOptions.Pool) },
        { nameof(Policy.NewItemShare), typeof(NewItemOptions), nameof(NewItemOptions.Share) },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Range_OfASetting_IsThatOfItsOption(string setting, Type section, string optionName)
    {
        var option = section.GetProperty(optionName)!;
        var range = option.GetCustomAttribute<RangeAttribute>()!;
        var (low, high) =
            (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        var step = option.PropertyType == typeof(int) ? 1 : 1e-6;
        var key = $"{section.GetField("SectionName")!.GetRawConstantValue()}:{optionName}";
        foreach (var (value, allowed) in ((double, bool)[])[(low, true), (high, true), (low - step, false), (high + step, false)])
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, value.ToString(CultureInfo.InvariantCulture))]).Build();
            if (allowed)
                Assert.Equal(value,
                    Convert.ToDouble(typeof(Policy).GetProperty(setting)!.GetValue(PolicyBook.Read(configuration)),
                    CultureInfo.InvariantCulture));
            else Assert.Contains(setting, Assert.Throws<RecSysException>(() => PolicyBook.Read(configuration)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_OfThePolicy_AllHaveAnOptionAndItsDefault()
    {
        // Sources are set for scenarios alone, home among them.
        var settings = typeof(Policy).GetProperties()
            .Where(property => property.CanWrite && property.Name is not (nameof(Policy.Name) or nameof(Policy.Sources)))
            .Select(property => property.Name);

        Assert.Equal(settings.Order(), Settings.Select(row => row.Data.Item1).Order());
        Assert.Equal(Policy.Default, PolicyBook.Read(new ConfigurationBuilder().Build()));
        Assert.Throws<RecSysException>(() => new Policy { DedupDays = double.NaN });
        Assert.Throws<RecSysException>(() => new Policy { Name = new string('a', 65) });
    }
}

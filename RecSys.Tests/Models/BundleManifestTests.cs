using System.Text;
using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class BundleManifestTests
{
    private static readonly BundleManifest Good = TestBundles.Draft() with
    {
        Version = "v1.0.0",
        Files = new Dictionary<string, BundleFile> { ["ranker.txt"] = new(new string('a', 64), 12) },
    };

    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSame()
    {
        var read = BundleManifest.Parse(Good.ToJson());

        Assert.Equal(Good.ToJson(), read.ToJson());
        Assert.Equal(0.75, read.Metrics["auc"]);
        Assert.Equal(12, read.Files["ranker.txt"].Bytes);
    }

    [Fact]
    public void ToJson_Manifest_UsesSnakeCaseNames()
    {
        var json = JsonNode.Parse(Good.ToJson())!.AsObject();

        Assert.Equal(
            ["format", "version", "created_at", "git_commit", "feature_names", "feature_hash", "dimension", "item_count",
                "retrieval_weight", "training_window",
                "log_position", "metrics", "options", "files"],
            json.Select(field => field.Key));
    }

    [Theory]
    [InlineData("format", "2", "format 2")]
    [InlineData("version", "\"../x\"", "version")]
    [InlineData("version", "\"V1\"", "version")]
    [InlineData("version", "null", "version")]
    [InlineData("dimension", "0", "dimension 0")]
    [InlineData("dimension", "1000000000", "dimension 1000000000")]
    [InlineData("dimension", "\"4\"", "dimension")]
    [InlineData("item_count", "-1", "item_count -1")]
    [InlineData("retrieval_weight", "-1", "retrieval_weight -1")]
    [InlineData("retrieval_weight", "1e9", "retrieval_weight")]
    [InlineData("item_count", "99999999999", "item_count")]
    [InlineData("feature_names", "null", "feature_names")]
    [InlineData("feature_names", "[\"a\",\"a\"]", "repeats")]
    [InlineData("feature_hash", "\"\"", "feature_hash")]
    [InlineData("training_window", "null", "training_window")]
    [InlineData("metrics", "null", "table")]
    [InlineData("files", "{\"../../etc\":{\"sha256\":\"\",\"bytes\":1}}", "name is not allowed")]
    [InlineData("files", "{\"manifest.json\":{\"sha256\":\"\",\"bytes\":1}}", "itself")]
    [InlineData("files", "{\"a\":{\"sha256\":\"xyz\",\"bytes\":1}}", "sha256 for a")]
    [InlineData("files", "{\"a\":null}", "sha256 for a")]
    [InlineData("surprise", "1", "surprise")]
    public void Parse_OneBadField_IsRefusedWithItsName(string field, string value, string named)
    {
        var json = JsonNode.Parse(Good.ToJson())!.AsObject();
        json[field] = JsonNode.Parse(value);

        var refusal = Assert.Throws<RecSysException>(() => BundleManifest.Parse(Encoding.UTF8.GetBytes(json.ToJsonString())));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Publish", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":\"a\",\"version\":\"b\"}")]
    public void Parse_NoManifest_IsRefused(string json) =>
        Assert.Throws<RecSysException>(() => BundleManifest.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Parse_AbsurdlyLongOrDeep_IsRefused()
    {
        Assert.Throws<RecSysException>(() => BundleManifest.Parse(new byte[BundleManifest.MaxBytes + 1]));
        Assert.Throws<RecSysException>(() => BundleManifest.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000))));
    }
}

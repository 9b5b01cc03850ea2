using Microsoft.Extensions.Configuration;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>Addresses of the settings, as scripts set them whose variables are empty.</summary>
public sealed class AlertOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Read_BlankAddresses_AreNone(string blank)
    {
        var alerts = Read<AlertOptions>("Alerts", blank, "SlackUrl", "SlackUrlFile", "PagerDutyUrl", "PagerDutyRoutingKey",
            "PagerDutyRoutingKeyFile");

        Assert.Empty(new AlertOptionsValidator().Validate(null, alerts).Failures ?? []);
        Assert.Empty(AlertServices.ReceiversOf(alerts, isDevelopment: false));
        Assert.Equal(new AlertOptions().PagerDutyUrl, alerts.PagerDutyUrl);
        Assert.Null(Read<MonitoringOptions>("Monitoring", blank, "OtlpEndpoint").OtlpEndpoint);
        Assert.Null(Read<AuthenticationSettings>("Authentication", blank, "Jwks").Jwks);
        var bucket = Read<LakeOptions>("Lake", blank, "Bucket:Address", "Bucket:Name", "Bucket:Prefix", "Bucket:AccessKey",
            "Bucket:SecretKey").Bucket;
        Assert.Equal((null, null, null, null, null), (bucket.Address, bucket.Name, bucket.Prefix, bucket.AccessKey, bucket.SecretKey));
    }

    [Fact]
    public void Read_AnAddressBesideABlankFile_IsThatAddress()
    {
        var alerts = new AlertOptions { SlackUrl = "https://hooks.example.com/x", SlackUrlFile = "" };

        Assert.Null(new AlertOptionsValidator().Validate(null, alerts).Failures);
        Assert.Equal(new Uri("https://hooks.example.com/x"),
            Assert.Single(AlertServices.ReceiversOf(alerts, isDevelopment: false)).Address);
    }

    [Fact]
    public void Read_WhatIsNoAddress_IsStillRefused() => Assert.Contains("must be an address",
        Assert.Throws<RecSysException>(() => Read<AlertOptions>("Alerts", "hooks", "SlackUrl")).Message, StringComparison.Ordinal);

    private static T Read<T>(string section, string value, params string[] names)
        where T : class, new() => SectionReader.Read<T>(
            new ConfigurationBuilder().AddInMemoryCollection(names.Select(name => KeyValuePair.Create($"{section}:{name}", (string?)value)))
                .Build(),
            section);
}

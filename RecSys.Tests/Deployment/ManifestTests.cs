using k8s;
using k8s.Models;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Deployment;

/// <summary>Manifests of Kubernetes, read strictly by its client: a field that does not exist is refused.</summary>
public sealed class ManifestTests
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["v1/Service"] = typeof(V1Service),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
    };

    private readonly AutoscalingOptions policy = new();

    [Fact]
    public void Hpa_FollowsTheMetricWithinThePolicysBounds()
    {
        var hpa = Single<V2HorizontalPodAutoscaler>("hpa.yaml");

        Assert.Equal((policy.MinReplicas, policy.MaxReplicas), (hpa.Spec.MinReplicas, hpa.Spec.MaxReplicas));
        var metric = Assert.Single(hpa.Spec.Metrics);
        Assert.Equal(("External", "recsys_desired_replicas", "AverageValue", "1"),
            (metric.Type, metric.External.Metric.Name, metric.External.Target.Type, metric.External.Target.AverageValue.ToString()));
        HasThePolicysSteps(hpa.Spec.Behavior);
    }

    [Fact]
    public void ScaledObject_FollowsTheMetricWithinThePolicysBounds()
    {
        var scaled = Single<ScaledObject>("scaledobject.yaml").Spec;

        Assert.Equal((policy.MinReplicas, policy.MaxReplicas), (scaled.MinReplicaCount, scaled.MaxReplicaCount));
        var trigger = Assert.Single(scaled.Triggers);
        Assert.Equal(("prometheus", "AverageValue", "1", "false", "max(recsys_desired_replicas{job=\"recsys\"})"),
            (trigger.Type, trigger.MetricType, trigger.Metadata["threshold"], trigger.Metadata["ignoreNullValues"],
            trigger.Metadata["query"]));
        HasThePolicysSteps(scaled.Advanced.HorizontalPodAutoscalerConfig.Behavior);
    }

    [Fact]
    public void PeersService_IsHeadless()
    {
        var service = Single<V1Service>("peers-service.yaml");

        Assert.Equal(("None", 9464), (service.Spec.ClusterIP, Assert.Single(service.Spec.Ports).Port));
    }

    [Fact]
    public void Manifests_AllOfThem_AreReadStrictly()
    {
        var files = Directory.GetFiles(Repository.File("deploy/kubernetes"), "*.yaml");

        Assert.True(files.Length >= 4);
        Assert.All(files, file => Assert.NotEmpty(KubernetesYaml.LoadAllFromString(File.ReadAllText(file), Types, strict: true)));
    }

    [Theory]
    [InlineData("hpa.yaml", "maxReplicas", "maxReplica")]
    [InlineData("scaledobject.yaml", "pollingInterval", "pollInterval")]
    public void Manifest_WithAMisspeltField_IsRefused(string file, string right, string wrong)
    {
        var text = File.ReadAllText(Repository.File($"deploy/kubernetes/{file}"));

        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(
            text.Replace(right, wrong, StringComparison.Ordinal), Types, strict: true));
    }

    private void HasThePolicysSteps(V2HorizontalPodAutoscalerBehavior behaviour)
    {
        Assert.Equal(("Pods", policy.StepUp), Step(behaviour.ScaleUp));
        Assert.Equal(("Pods", policy.StepDown), Step(behaviour.ScaleDown));
        // The pauses are the policy's own: a second one on top would only come late.
        Assert.Equal(0, behaviour.ScaleUp.StabilizationWindowSeconds);
        Assert.InRange(behaviour.ScaleDown.StabilizationWindowSeconds!.Value, 0, policy.DownCooldownSeconds);

        static (string Type, int Value) Step(V2HPAScalingRules rules) =>
            Assert.Single(rules.Policies) is var step ? (step.Type, step.Value) : default;
    }

    private static T Single<T>(string file) => Assert.IsType<T>(Assert.Single(KubernetesYaml.LoadAllFromString(
        File.ReadAllText(Repository.File($"deploy/kubernetes/{file}")), Types, strict: true)));

    // The fields of KEDA's custom resource that are used (https://keda.sh/docs/latest/reference/scaledobject-spec); Kubernetes' client has
    // none.
    private sealed class ScaledObject
    {
        public string ApiVersion { get; set; } = "";
        public string Kind { get; set; } = "";
        public V1ObjectMeta Metadata { get; set; } = new();
        public ScaledSpec Spec { get; set; } = new();
    }

    private sealed class ScaledSpec
    {
        public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();
        public int PollingInterval { get; set; }
        public int MinReplicaCount { get; set; }
        public int MaxReplicaCount { get; set; }
        public ScaledAdvanced Advanced { get; set; } = new();
        public List<ScaledTrigger> Triggers { get; set; } = [];
    }

    private sealed class ScaledAdvanced
    {
        public ScaledHpa HorizontalPodAutoscalerConfig { get; set; } = new();
    }

    private sealed class ScaledHpa
    {
        public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
    }

    private sealed class ScaledTrigger
    {
        public string Type { get; set; } = "";
        public string MetricType { get; set; } = "";
        public Dictionary<string, string> Metadata { get; set; } = [];
    }
}

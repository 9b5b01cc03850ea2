using System.Collections.Immutable;

namespace RecSys.Core.Features;

/// <summary>Inner edges of drift histograms by kind of value.</summary>
internal static class DriftBins
{
    public static readonly ImmutableArray<float> Count = [0.5f, 1.5f, 3, 5, 10, 20, 50, 100, 300, 1000, 10_000];
    public static readonly ImmutableArray<float> Rate = [0.01f, 0.02f, 0.05f, 0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.8f];
    public static readonly ImmutableArray<float> Share = [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f];
    public static readonly ImmutableArray<float> Ratio = [0.25f, 0.5f, 0.75f, 0.9f, 1, 1.1f, 1.25f, 1.5f, 2, 4];
    public static readonly ImmutableArray<float> Hours = [0.02f, 0.1f, 0.5f, 1, 3, 6, 12, 24, 72, 168, 720];
    public static readonly ImmutableArray<float> Days = [0.25f, 1, 2, 4, 7, 14, 30, 60, 90, 180, 365, 1000];
    public static readonly ImmutableArray<float> Log = [0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f, 5, 6, 8];
    public static readonly ImmutableArray<float> Signed = [-3, -2, -1, -0.5f, -0.2f, 0, 0.2f, 0.5f, 1, 2, 3];
    public static readonly ImmutableArray<float> Cosine = [-0.5f, -0.2f, 0, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.8f];
    public static readonly ImmutableArray<float> Hour = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
    public static readonly ImmutableArray<float> Code = [0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f];
    public static readonly ImmutableArray<float> Bucket = [16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240];
    public static readonly ImmutableArray<float> Seconds = [1, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600];
    public static readonly ImmutableArray<float> Age = [13, 18, 22, 25, 30, 35, 40, 45, 50, 60, 70];
    public static readonly ImmutableArray<float> Rating = [1.5f, 2, 2.5f, 3, 3.25f, 3.5f, 3.75f, 4, 4.25f, 4.5f];
}

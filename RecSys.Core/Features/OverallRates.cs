namespace RecSys.Core.Features;

/// <summary>The rates of <see cref="GlobalState"/> that smooth those of users and items, taken once per request.</summary>
internal readonly struct OverallRates(GlobalState state)
{
    public readonly float Positive = state.PositiveRate;
    public readonly float LongView = state.LongViewRate;
    public readonly float LongViewShare = state.LongViewShare;
    public readonly float LikeShare = state.LikeShare;
    public readonly float Like = state.LikeRate;
    public readonly float Conversion = state.ConversionRate;
    public readonly float Rejection = state.RejectionRate;
}

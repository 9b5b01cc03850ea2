using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>What a row of a report knows when it is asked for a list. Each knows what the ones before it know.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Knowledge>))]
public enum Knowledge
{
    /// <summary>Nothing that happened after the cut up to which it was learnt.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>What the user who asks did before the request; of everybody else nothing after the cut.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>
    /// Everything that happened before the request and the time of it, as a running server does. Where the request is the event that is to
    /// be predicted, its time tells what nobody could know beforehand: when the user came back.
    /// </summary>
    [JsonStringEnumMemberName("all")]
    All,
}

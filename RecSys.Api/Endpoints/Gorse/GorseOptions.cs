namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Whether clients of gorse are answered, and what their words mean, section <c>Gorse</c>.</summary>
internal sealed class GorseOptions
{
    public const string SectionName = "Gorse";

    /// <summary>True: the routes under <c>/api/gorse</c> are there. False (default): they are not.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Feedback types beyond those that are known, each with the event type that it stands for, such as <c>share</c> with <c>like</c>, or
    /// <c>unstar</c> with <c>like:undo</c>. They come before what is known otherwise. Default: none.
    /// </summary>
    public IDictionary<string, string> FeedbackTypes { get; } = new Dictionary<string, string>();
}

namespace RecSys.Api.Dashboard.Feeds;

/// <summary>Something that pages show as it happens. Read every two seconds for every stream that asks for it, on any thread.</summary>
internal interface IDashboardFeed
{
    /// <summary>Name of the event on the stream, and of the topic to ask for.</summary>
    string Name { get; }

    /// <summary>What is new for one stream.</summary>
    /// <param name="cursor">0 at first; what the feed wants to know again at the next reading.</param>
    /// <returns>One JSON value in UTF-8 without line breaks, or null for nothing.</returns>
    byte[]? Read(ref long cursor);
}

namespace RecSys.Core.Domain;

/// <summary>
/// An expected failure: the message, shown to the person as it is, says what was wrong and how to put it right.
/// Commands print it and exit with 1; anything else that is thrown is a defect.
/// </summary>
public sealed class RecSysException : Exception
{
    public RecSysException(string message) : base(message)
    {
    }

    public RecSysException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>
    /// True where nothing is wrong and there is just nothing to do now: what was asked for is at work already, or there is nothing to work
    /// on. Commands then exit with a code of its own.
    /// </summary>
    public bool IsSkip { get; init; }
}

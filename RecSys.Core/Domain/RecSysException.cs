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
}

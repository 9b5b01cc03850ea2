namespace RecSys.Core.Models;

/// <summary>Somebody who can train a new model beside the one that serves.</summary>
public interface IRetraining
{
    /// <summary>Asks for a training now, beside the planned ones.</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <returns>False when one runs, or began within the last day: more of them would learn from the same days.</returns>
    bool TryBegin(string reason);
}

namespace RecSys.Core.Evaluation;

/// <summary>Which of a user's new items in the test part are to be predicted, each from everything that the user did before it.</summary>
public enum TargetChoice
{
    /// <summary>Every one; the figures are means over all of them, so users with many count more.</summary>
    Successive = 0,

    /// <summary>The last.</summary>
    Last = 1,

    /// <summary>The first.</summary>
    First = 2,
}

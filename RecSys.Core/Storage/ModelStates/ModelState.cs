namespace RecSys.Core.Storage.ModelStates;

/// <summary>Where a model version stands between its training and its end. Stored and shown by its name in lower case.</summary>
public enum ModelState
{
    /// <summary>Being made: its number is taken, its bundle not published yet.</summary>
    Training = 0,

    /// <summary>Published, and refused by the gate.</summary>
    Rejected = 1,

    /// <summary>Published and good enough; nobody is served by it yet.</summary>
    Staging = 2,

    /// <summary>Computes beside the champion; nobody sees its lists.</summary>
    Shadow = 3,

    /// <summary>Serves a share of the users.</summary>
    Canary = 4,

    /// <summary>Serves whoever is in no experiment. At most one version at a time.</summary>
    Champion = 5,

    /// <summary>Was champion, or was passed over by a later one.</summary>
    Retired = 6,

    /// <summary>Taken out of use by somebody; never served, never deleted.</summary>
    Quarantined = 7,
}

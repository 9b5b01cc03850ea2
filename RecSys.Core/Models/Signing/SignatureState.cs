namespace RecSys.Core.Models.Signing;

/// <summary>How the signature of a bundle stands.</summary>
public enum SignatureState
{
    /// <summary>Signed with the key that this process was given.</summary>
    Valid = 0,

    /// <summary>There is none.</summary>
    Missing = 1,

    /// <summary>There is one, and this process was given no key to check it with.</summary>
    Unchecked = 2,

    /// <summary>Made with another key, or for another manifest, or damaged.</summary>
    Wrong = 3,
}

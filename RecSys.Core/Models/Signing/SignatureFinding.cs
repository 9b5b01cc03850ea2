namespace RecSys.Core.Models.Signing;

/// <summary>What is to be said of a bundle's signature.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Remark">In words, with what to do.</param>
/// <param name="Refused">True when such a bundle must not serve here.</param>
public sealed record SignatureFinding(SignatureState State, string Remark, bool Refused);

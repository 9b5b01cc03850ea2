namespace RecSys.Core.Models;

/// <summary>What the manifest promises about one file.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Exact size.</param>
public sealed record BundleFile(string Sha256, long Bytes);

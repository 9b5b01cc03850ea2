using System.ComponentModel.DataAnnotations;
using System.Net;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>An S3-compatible bucket for the lake in place of a folder.</summary>
public sealed class LakeBucketOptions : IValidatableObject
{
    /// <summary>
    /// Where the store answers, such as <c>https://s3.eu-central-1.amazonaws.com</c>; https outside of this machine. Null or blank
    /// (default null): the lake lies in <see cref="LakeOptions.Folder"/>.
    /// </summary>
    public string? Address { get; set => field = SettingText.OrNone(value); }

    /// <summary>Name of the bucket, which must exist.</summary>
    [RegularExpression("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", ErrorMessage = "Lake:Bucket:Name must be the name of a bucket: 3 to "
        + "63 lower-case letters, digits, dots and hyphens.")]
    public string? Name { get; set => field = SettingText.OrNone(value); }

    /// <summary>Beginning of the keys within the bucket, such as <c>recsys/lake</c>; null (default) for none.</summary>
    [RegularExpression("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", ErrorMessage = "Lake:Bucket:Prefix must be names joined by slashes, without "
        + "one at the ends.")]
    public string? Prefix { get; set => field = SettingText.OrNone(value); }

    /// <summary>Region that requests are signed for. Default <c>us-east-1</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Null (default): the environment variable <c>AWS_ACCESS_KEY_ID</c>.</summary>
    public string? AccessKey { get; set => field = SettingText.OrNone(value); }

    /// <summary>Null (default): the environment variable <c>AWS_SECRET_ACCESS_KEY</c>. It is written nowhere.</summary>
    public string? SecretKey { get; set => field = SettingText.OrNone(value); }

    /// <summary>Folder for downloaded days, within the data folder unless it is a full path. Default <c>lake-cache</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string CacheFolder { get; set; } = "lake-cache";

    /// <summary>What the folder may hold; the files that were not read for the longest time go first. Default 20 GB.</summary>
    [Range(1L << 20, 1L << 50)]
    public long CacheBytes { get; set; } = 20L << 30;

    /// <summary>How long an answer, or the next piece of a download, may take. An upload may take a second more for each 256 KB. Default
    /// 30.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>How often a request is made in all before it counts as failed. Default 4.</summary>
    [Range(1, 20)]
    public int Tries { get; set; } = 4;

    /// <summary>True for a store in a private network, such as a MinIO at <c>https://10.0.0.5</c>. Default false: such addresses are
    /// refused.
    /// </summary>
    public bool AllowPrivateAddress { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prefix?.Split('/').Any(name => name is "." or "..") == true)
            yield return new ValidationResult("Lake:Bucket:Prefix must not have the names . and .., which stores and programs read "
                + "differently.");
        if (Address is null) yield break;
        if (Name is null) yield return new ValidationResult("Lake:Bucket:Address needs Lake:Bucket:Name, the name of the bucket.");
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0)
        {
            yield return new ValidationResult("Lake:Bucket:Address must be an address such as https://s3.eu-central-1.amazonaws.com, "
                + "without a path; keys stand in AccessKey and SecretKey.");
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback)
        {
            yield return new ValidationResult("Lake:Bucket:Address must be https, but for an address of this machine: keys and data would "
                + "be readable on the way.");
        }
        else if (!AllowPrivateAddress && IsPrivate(uri))
        {
            yield return new ValidationResult("Lake:Bucket:Address is one of a private network; if that is meant, say so with "
                + "Lake:Bucket:AllowPrivateAddress=true.");
        }
        else if (IsLinkLocal(uri))
        {
            yield return new ValidationResult("Lake:Bucket:Address must not be a link-local address: that is where machines answer with "
                + "their own keys.");
        }
    }

    private static bool IsPrivate(Uri uri) => IPAddress.TryParse(uri.DnsSafeHost, out var ip) && PrivateAddresses.IsPrivate(ip);

    private static bool IsLinkLocal(Uri uri) => IPAddress.TryParse(uri.DnsSafeHost, out var ip) && PrivateAddresses.IsLinkLocal(ip);
}

using System.ComponentModel.DataAnnotations;
using RecSys.Core.Storage.Lake.Bucket;

namespace RecSys.Core.Storage.Lake;

/// <summary>Where the lake lies, and when its days are closed.</summary>
public sealed class LakeOptions
{
    public const string SectionName = "Lake";

    /// <summary>Folder of the lake, within the data folder unless it is a full path. Default <c>lake</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; set; } = "lake";

    /// <summary>A bucket in place of the folder.</summary>
    public LakeBucketOptions Bucket { get; set; } = new();

    /// <summary>Most rows of one file; they gather in memory while it is written. Default 500,000, about 300 MB.</summary>
    [Range(1_000, 10_000_000)]
    public int RowsPerFile { get; set; } = 500_000;

    /// <summary>Minutes after midnight (UTC) at which a day of the log is closed. Default 5.</summary>
    [Range(0, 720)]
    public int CloseMinutes { get; set; } = 5;

    /// <summary>
    /// Minutes after midnight (UTC) at which a day of served records is closed: until then late ones come in. Default 60.
    /// </summary>
    [Range(0, 720)]
    public int SettleMinutes { get; set; } = 60;
}

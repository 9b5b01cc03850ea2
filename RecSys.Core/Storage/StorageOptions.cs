using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Storage;

/// <summary>Where data lives.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>Folder of the database file and everything else the process writes; created when missing. Default <c>data</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataFolder { get; set; } = "data";
}

/// <summary>Refuses a configuration without a data folder when the process starts.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;

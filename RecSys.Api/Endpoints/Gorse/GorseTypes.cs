using RecSys.Core.Domain;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Import.Meaning;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>
/// What feedback types stand for: by the settings, by the map of the data folder, as an import of gorse's files reads them, and by their
/// usual names.
/// </summary>
internal sealed class GorseTypes
{
    private static readonly Dictionary<string, MappedType> Nothing = [];

    private readonly Dictionary<string, MappedType> given;
    private readonly FolderMeaning folder;

    /// <exception cref="RecSysException">A setting names no type of event.</exception>
    public GorseTypes(GorseOptions options, FolderMeaning folder)
    {
        this.folder = folder;
        given = options.FeedbackTypes.ToDictionary(pair => pair.Key, pair => Parse(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What a word stands for; null where nobody knows it.</summary>
    public MappedType? Find(string word)
    {
        if (given.TryGetValue(word, out var type)) return type;
        if (folder.TypeOf(word) is { } mapped) return mapped;
        return word == GorseRecords.Read.Key ? GorseRecords.Read.Value : new TypeNames(Nothing).Find(word);
    }

    private static MappedType Parse(string word, string type)
    {
        try
        {
            return MappedType.Parse(type);
        }
        catch (RecSysException fault)
        {
            throw new RecSysException($"{GorseOptions.SectionName}:{nameof(GorseOptions.FeedbackTypes)}:{word}: {fault.Message}", fault);
        }
    }
}

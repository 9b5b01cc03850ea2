using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Challengers;

/// <summary>
/// One of the new models of a night: what it is called, whose settings its ranker has, and where its files lie. Towers, window, rows and
/// split are the night's and the same for all.
/// </summary>
internal sealed class Challenger
{
    /// <summary>Folder of all but the first within the run's.</summary>
    public const string Places = "challengers";

    private readonly ChallengerOptions? own;
    private readonly string place;

    private Challenger(ChallengerOptions? own)
    {
        this.own = own;
        Name = own?.Name ?? JudgedModel.Challenger;
        place = PlaceOf(own?.Name);
    }

    /// <summary><c>challenger</c> for the one with the settings of <c>Training:Ranker</c>, which every night has.</summary>
    public string Name { get; }

    /// <summary>Name of its settings in <c>Training:Nightly:Challengers</c>; null for the first.</summary>
    public string? Variant => own?.Name;

    /// <summary>Its own settings in words; empty for the first.</summary>
    public string Settings => own?.ToText() ?? "";

    /// <summary>
    /// Path of one of its files within the run's folder: the first has them at the top, the others in folders of their own.
    /// </summary>
    public string this[string file] => place + file;

    /// <summary>Where the files of a challenger lie within the run's folder.</summary>
    /// <param name="variant">See <see cref="Variant"/>.</param>
    public static string PlaceOf(string? variant) => variant is null ? "" : $"{Places}/{variant}/";

    /// <summary>The first, then the others by name.</summary>
    public static IReadOnlyList<Challenger> Of(NightlyOptions options) =>
        [new(null), .. options.Challengers.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new Challenger(one))];

    /// <summary>The settings of a night with those of this challenger's ranker in their place.</summary>
    public TrainingOptions Over(TrainingOptions options) => own is null ? options : options.WithRankers(own.Over);
}

using System.CommandLine;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Training.Protocols;

namespace RecSys.Api.Commands;

/// <summary>Options of <c>evaluate</c>, and which of them go together.</summary>
internal static class EvaluateOptions
{
    public const string ColdItems = "cold-items";
    public const string AllTargets = "all";

    public static Option<string> Protocol { get; } = Among(
        new Option<string>("--protocol")
        {
            Description = "How the log is split", DefaultValueFactory = _ => LeaveOneOutEvaluation.Protocol,
        },
        LeaveOneOutEvaluation.Protocol, TimeSplitEvaluation.Protocol, GlobalTimeEvaluation.Protocol, ColdItems, NewUserEvaluation.Protocol,
        KuaiRandChallengeEvaluation.Protocol, PolicyJudging.Protocol);

    public static Option<string?> Json { get; } = new("--json") { HelpName = "file", Description = "Also write the report to this file" };

    public static Option<string?> Rows { get; } = new("--rows")
    {
        HelpName = "file", Description = "Also write every test row with what each model makes of it to this Parquet file; global-time "
            + "needs one --target with it",
    };

    public static Option<DateTimeOffset?> TrainUntil { get; } = Date("--train-until",
        "time-split: end of the training part: a UTC date, which is still part of it, or a time; 80 % of the events when left out");

    public static Option<DateTimeOffset?> ValidateUntil { get; } = Date("--validate-until",
        "time-split: end of the validation part, by the same rule; what follows is the test; 90 % of the events when left out");

    public static Option<bool> Groups { get; } = new("--groups")
    {
        Description = "time-split: also fit the ranker without each group of features and with each alone",
    };

    public static Option<string> Target { get; } = Among(
        new Option<string>("--target")
        {
            Description = "global-time: which new items of each user in the test part are to be predicted; --rows takes one choice, not "
                + "all",
            DefaultValueFactory = _ => AllTargets,
        },
        [AllTargets, .. TargetChoices.All.Select(TargetChoices.NameOf)]);

    public static Option<string?> Ties { get; } = Among(
        new Option<string?>("--ties")
        {
            HelpName = "order",
            Description = $"Order of a user's events of one moment: {TimeQuality.BySeed} draws it, {TimeQuality.ByFile} keeps that of the "
                + $"files, which may leak but is how most figures were published; {TimeQuality.BySeed} when left out, of global-time "
                + TimeQuality.ByFile,
        },
        TimeQuality.BySeed, TimeQuality.ByFile);

    public static Option<int> Seeds { get; } = CommonOptions.InRange(
        new Option<int>("--seeds")
        {
            HelpName = "number", DefaultValueFactory = _ => 1,
            Description = "leave-one-out: fit the models so often, with other seeds, and tell how far they differ",
        },
        1, 100);

    public static Option<double> ColdShare { get; } = CommonOptions.InRange(
        new Option<double>("--cold-share")
        {
            HelpName = "percent", DefaultValueFactory = _ => 5,
            Description = "cold-items: of the items with positive events, how many are hidden from training",
        },
        0.1, 90);

    public static Option<string?> Files { get; } = new("--files")
    {
        HelpName = "folder", Description = "kuairand-challenge: the published files of KuaiRand-Pure, whose rows the test counts",
    };

    public static Option<string> Behaviour { get; } = new("--behaviour")
    {
        HelpName = "policy", DefaultValueFactory = _ => "random",
        Description = "off-policy: the policy whose served lists are the evidence, by the variant of its records",
    };

    public static Option<string> TargetPolicy { get; } = new("--target-policy")
    {
        HelpName = "policy", DefaultValueFactory = _ => PolicyJudging.Uniform,
        Description = "off-policy: the policy to judge: one with served lists of its own, uniform or popular",
    };

    public static Option<string?> Scenario { get; } = new("--scenario")
    {
        HelpName = "name", Description = "off-policy: only this placement; each by itself when left out",
    };

    // Options that only some protocols look at. Behind the options, which are initialised in the order of the file.
    private static readonly (Option Option, string[] Protocols)[] takers =
    [
        (TrainUntil, [TimeSplitEvaluation.Protocol]),
        (ValidateUntil, [TimeSplitEvaluation.Protocol]),
        (Groups, [TimeSplitEvaluation.Protocol]),
        (Target, [GlobalTimeEvaluation.Protocol]),
        (ColdShare, [ColdItems]),
        (Ties, [LeaveOneOutEvaluation.Protocol, TimeSplitEvaluation.Protocol, GlobalTimeEvaluation.Protocol]),
        (Seeds, [LeaveOneOutEvaluation.Protocol]),
        (Behaviour, [PolicyJudging.Protocol]),
        (TargetPolicy, [PolicyJudging.Protocol]),
        (Scenario, [PolicyJudging.Protocol]),
        (Files, [KuaiRandChallengeEvaluation.Protocol]),
        (CommonOptions.Tune,
        [
            LeaveOneOutEvaluation.Protocol, TimeSplitEvaluation.Protocol, GlobalTimeEvaluation.Protocol, NewUserEvaluation.Protocol,
            KuaiRandChallengeEvaluation.Protocol,
        ]),
    ];

    /// <summary>Finds out before an hour of training, not after it, what does not go together.</summary>
    /// <exception cref="RecSysException">Something does not.</exception>
    public static void Check(ParseResult arguments)
    {
        CommonOptions.RequireFolder(Json.Name, arguments.GetValue(Json));
        CommonOptions.RequireFolder(Rows.Name, arguments.GetValue(Rows));
        var protocol = arguments.GetValue(Protocol)!;
        if (arguments.GetValue(Rows) is not null)
        {
            if (protocol is ColdItems or NewUserEvaluation.Protocol or KuaiRandChallengeEvaluation.Protocol or PolicyJudging.Protocol)
                throw new RecSysException($"--rows writes what models make of choices and impressions, which {protocol} does not compare; "
                    + $"use --protocol {TimeSplitEvaluation.Protocol}, or leave --rows out.");
            if (protocol == GlobalTimeEvaluation.Protocol && arguments.GetValue(Target) == AllTargets)
                throw new RecSysException("--rows writes the rows of one choice of targets; add --target successive, last or first.");
        }
        foreach (var (option, protocols) in takers)
        {
            if (arguments.GetResult(option) is { Implicit: false } && !protocols.Contains(protocol))
                throw new RecSysException($"--protocol {protocol} does not take {option.Name}; leave it out, or use --protocol "
                    + $"{string.Join(" or ", protocols)}.");
        }
    }

    private static Option<T> Among<T>(Option<T> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<DateTimeOffset?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "date",
        CustomParser = result =>
        {
            // "Until a day" includes the day.
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var day))
                return day < DateOnly.MaxValue
                    ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.MaxValue;
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            result.AddError($"{name} must be a date such as 2022-05-05 or a time such as 2022-05-05T12:00:00Z.");
            return null;
        },
    };
}

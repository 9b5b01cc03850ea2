using System.CommandLine;
using System.Globalization;
using System.Net;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data { get; } = Named(new("--data")
    {
        Description = "Data folder: the database and the models",
        DefaultValueFactory = _ => Settings.DataFolder(),
        HelpName = "folder",
    });

    /// <summary>Years that a day or a moment may be of: before and behind them there is no log.</summary>
    public const int FirstYear = 1970, EndYear = 2200;

    public static Option<string> Address { get; } = WithIpAddress(new("--address")
    {
        Description = "IP address to listen on",
        DefaultValueFactory = _ => "127.0.0.1",
        HelpName = "ip",
    });

    public static Option<int> Port { get; } = InRange(
        new("--port") { Description = "TCP port to listen on; 0 picks a free one", DefaultValueFactory = _ => 8080 }, 0, 65_535);

    /// <summary>Of every command: settings over those of the file and the environment.</summary>
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "A setting, such as Recommendations:Candidates=300, over appsettings.json and the environment; may be repeated",
        HelpName = "option=value",
        Recursive = true,
    };

    public static Option<TimeSpan?> Tune { get; } = Duration(
        new("--tune") { Description = "Look for better settings of the ranker for so long, such as 10m; Training:TuneBudget when left out",
            HelpName = "time" });

    /// <summary>Sees that a file can be written where it is asked for, before minutes of work.</summary>
    /// <exception cref="RecSysException">Its folder does not exist, or it is a folder itself or may not be written.</exception>
    public static void RequireFolder(string option, string? file)
    {
        if (file is null) return;
        if (file.Length == 0) throw new RecSysException($"{option} needs the name of a file.");
        if (Directory.Exists(file))
            throw new RecSysException($"{option} {file} is a folder; name a file in it, such as {Path.Combine(file, "result")}.");
        if (File.Exists(file) && new FileInfo(file).IsReadOnly)
            throw new RecSysException($"{option} {file} may not be written; choose another file.");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new RecSysException($"{option} {file}: the folder {folder} does not exist; make it first, or choose another file.");
    }

    /// <summary>Refuses an empty name, which a script gives whose variable is not set.</summary>
    public static Option<string> Named(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }]) result.AddError($"{option.Name} needs a name; it is empty.");
        });
        return option;
    }

    /// <summary>Refuses anything but a whole number within the range, with a message that names it.</summary>
    /// <param name="option">The option.</param>
    /// <param name="low">The least.</param>
    /// <param name="high">The most.</param>
    /// <param name="because">Why the least is the least, where that is no matter of course.</param>
    public static Option<int> InRange(Option<int> option, int low, int high, string? because = null)
    {
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= low && value <= high)
                return value;
            result.AddError($"{option.Name} must be a whole number from {low} to {high}{(because is null ? "" : $": {because}")}.");
            return low;
        };
        return option;
    }

    /// <summary>Refuses anything but a number within the range, with a message that names it.</summary>
    public static Option<double> InRange(Option<double> option, double low, double high)
    {
        option.CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value >= low && value <= high)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"{option.Name} must be a number from {low} to {high}, with a point in front of decimals."));
            return low;
        };
        return option;
    }

    /// <summary>An option that takes a day such as 2026-01-31 and refuses everything else with a message that names it.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "day",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var day) && day.Year is >= FirstYear and < EndYear)
                return day;
            result.AddError($"{name} must be a day such as 2026-01-31, from {FirstYear} to {EndYear - 1}.");
            return null;
        },
    };

    /// <summary>Accepts times such as 90s, 10m and 2h, and refuses everything else with a message that names the option.</summary>
    private static Option<TimeSpan?> Duration(Option<TimeSpan?> option)
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
            if (unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 1_000_000)
                return TimeSpan.FromSeconds((double)count * unit);
            result.AddError($"{option.Name} must be a time such as 90s, 10m or 2h.");
            return null;
        };
        return option;
    }

    private static Option<string> WithIpAddress(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError($"{option.Name} must be an IP address such as 127.0.0.1 or 0.0.0.0.");
        });
        return option;
    }
}

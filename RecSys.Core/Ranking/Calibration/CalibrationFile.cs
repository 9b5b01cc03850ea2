using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.Calibration;

/// <summary>
/// <c>calibration.json</c>: <c>{"kind":"isotonic","scores":[...],"probabilities":[...]}</c> or
/// <c>{"kind":"platt","slope":1.5,"intercept":-2.0}</c>. Numbers keep every bit.
/// </summary>
public static class CalibrationFile
{
    private const long MaxBytes = 256L << 20;

    /// <summary>Writes or replaces the file.</summary>
    public static void Save(ICalibrator calibrator, string path)
    {
        var content = calibrator switch
        {
            IsotonicCalibrator isotonic => new CalibrationContent("isotonic", [.. isotonic.Scores], [.. isotonic.Probabilities]),
            PlattCalibrator platt => new CalibrationContent("platt", Slope: platt.Slope, Intercept: platt.Intercept),
            _ => throw new ArgumentException($"{calibrator.GetType().Name} has no file format.", nameof(calibrator)),
        };
        using var file = File.Create(path);
        JsonSerializer.Serialize(file, content, CalibrationJson.Default.CalibrationContent);
    }

    /// <exception cref="RecSysException">The file is missing, damaged or of an unknown kind.</exception>
    public static ICalibrator Load(string path)
    {
        CalibrationContent? content;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
                throw new RecSysException($"{path} has {file.Length} bytes, which is no calibration; restore it or fit again.");
            content = JsonSerializer.Deserialize(file, CalibrationJson.Default.CalibrationContent);
        }
        catch (JsonException e)
        {
            throw new RecSysException($"{path} is damaged; restore it or fit again: {JsonFaults.Describe(e)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be read: {e.Message}", e);
        }
        return content switch
        {
            { Kind: "isotonic", Scores: { } scores, Probabilities: { } probabilities } => new IsotonicCalibrator(scores, probabilities),
            { Kind: "platt", Slope: { } slope, Intercept: { } intercept } => new PlattCalibrator(slope, intercept),
            _ => throw new RecSysException(
                $"{path} is no calibration of the kind isotonic or platt with all of its fields; restore it or fit again."),
        };
    }
}

internal sealed record CalibrationContent(
    string? Kind, double[]? Scores = null, double[]? Probabilities = null, double? Slope = null, double? Intercept = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CalibrationContent))]
internal sealed partial class CalibrationJson : JsonSerializerContext;

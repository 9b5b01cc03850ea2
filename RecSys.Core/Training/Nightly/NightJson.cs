using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Nightly.States;

namespace RecSys.Core.Training.Nightly;

/// <summary>The JSON files of a run.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(NightRun))]
[JsonSerializable(typeof(StepResult))]
[JsonSerializable(typeof(CollectedLog))]
[JsonSerializable(typeof(QualityFile))]
[JsonSerializable(typeof(SplitFile))]
[JsonSerializable(typeof(RowsHeader))]
[JsonSerializable(typeof(TowersFile))]
[JsonSerializable(typeof(ChosenFile))]
[JsonSerializable(typeof(FaultFile))]
[JsonSerializable(typeof(NightEvaluation))]
[JsonSerializable(typeof(SkewFile))]
[JsonSerializable(typeof(GateFile))]
[JsonSerializable(typeof(RefitFile))]
[JsonSerializable(typeof(PublicationFile))]
[JsonSerializable(typeof(StateManifest))]
internal sealed partial class NightJson : JsonSerializerContext
{
    /// <summary>Replaces the file in one step.</summary>
    internal static Task WriteAsync<T>(string path, T value, CancellationToken ct) =>
        DurableFile.ReplaceAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), Default), ct);

    /// <exception cref="RecSysException">It is missing or damaged.</exception>
    internal static async Task<T> ReadAsync<T>(string path, CancellationToken ct)
        where T : class => await FindAsync<T>(path, ct)
            ?? throw new RecSysException($"{path} is missing or damaged. Run the night again from the step that writes it (--from-step).");

    /// <summary>Null when it is missing or damaged.</summary>
    internal static async Task<T?> FindAsync<T>(string path, CancellationToken ct)
        where T : class
    {
        try
        {
            // What is no file at all is damaged, too.
            return File.Exists(path) ? (T?)JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, ct), typeof(T), Default) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using RecSys.Api.Contracts.Reading;

namespace RecSys.Api.Endpoints;

/// <summary>Reads a thing from a body; see <see cref="ItemReading.Read"/>.</summary>
internal delegate T? ReadBody<T>(string? id, JsonElement json, string pointer, T? old, out IReadOnlyList<FieldFault> faults)
    where T : class;

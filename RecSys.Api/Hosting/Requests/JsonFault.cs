namespace RecSys.Api.Hosting.Requests;

/// <summary>What is wrong with a JSON text.</summary>
/// <param name="Pointer">Where (RFC 6901); empty for the text as a whole.</param>
/// <param name="Message">What, without repeating a value.</param>
internal readonly record struct JsonFault(string Pointer, string Message);

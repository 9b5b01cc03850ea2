using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>encode-texts</c>: encodes the texts on standard input, a JSON string a line, until it ends. Hidden; <see cref="TextEncoderProcess"/>
/// starts it for the server.
/// </summary>
internal static class EncodeTextsCommand
{
    // Weights are held once as read and once as used; activations of one text are small beside them.
    private const int WeightsTimes = 4;
    private const long Besides = 3L << 30;

    public static Command Create()
    {
        var command = new Command(TextEncoderProcess.Verb, "Encodes texts for the server") { Hidden = true };
        command.SetAction(async (_, cancellationToken) =>
        {
            var options = SectionReader.Read<TextOptions>(Settings.Root, TextOptions.SectionName);
            var weights = new FileInfo(Path.Combine(options.Directory ?? "", "model.safetensors"));
            if (OperatingSystem.IsLinux()) ChildLimits.Keep((weights.Exists ? weights.Length : 0) * WeightsTimes + Besides);
            using var encoder = BertTextEncoder.Load(options);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{encoder.Dimension} {encoder.ModelHash}"));
            while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
            {
                var text = JsonSerializer.Deserialize<string>(line) ?? throw new RecSysException("A line is no JSON string.");
                await Console.Out.WriteLineAsync(
                    Convert.ToBase64String(MemoryMarshal.AsBytes<float>(encoder.Encode([text], null, cancellationToken))));
            }
        });
        return command;
    }
}

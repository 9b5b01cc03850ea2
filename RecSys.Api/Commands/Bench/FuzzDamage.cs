namespace RecSys.Api.Commands.Bench;

/// <summary>Damage as disks, editors and half-done copies do it.</summary>
internal static class FuzzDamage
{
    private static readonly byte[][] Insertions =
        [[.. "\""u8], [.. "\n"u8], [.. "\r"u8], [.. ","u8], [.. "\t"u8], [.. "{"u8], [.. "]"u8], [.. "\\"u8], [0xC3], [0xEF, 0xBB, 0xBF],
            [.. "::"u8], [0xFF]];

    internal static byte[] Of(Random random, byte[] content)
    {
        for (var times = random.Next(1, 4); times > 0 && content.Length > 8; times--)
        {
            var at = random.Next(content.Length);
            var length = random.Next(1, Math.Min(60, content.Length - at) + 1);
            content = random.Next(7) switch
            {
                0 => [.. content[..at], (byte)random.Next(256), .. content[Math.Min(content.Length, at + 1)..]],
                1 => [.. content[..at], .. content[(at + length)..]],
                2 => [.. content[..(at + length)], .. content[at..]],
                3 => content[..Math.Max(8, at)],
                4 => [.. content[..at], .. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)), .. content[at..]],
                _ => [.. content[..at], .. Insertions[random.Next(Insertions.Length)], .. content[at..]],
            };
        }
        return content;
    }
}

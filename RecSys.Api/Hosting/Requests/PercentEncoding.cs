using System.Buffers;
using System.Text;

namespace RecSys.Api.Hosting.Requests;

/// <summary>Decodes percent-encoded UTF-8 strictly: what servers usually let pass as it is, or replace, is a fault here.</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<char> Coded = SearchValues.Create("%+");

    /// <summary>
    /// The decoded text, or null with the fault: an escape without two hexadecimal digits, a control character, or bytes that are no UTF-8
    /// (such as a lone surrogate).
    /// </summary>
    /// <param name="text">Part of a request target.</param>
    /// <param name="plusIsSpace">As in query strings.</param>
    /// <param name="fault">What is wrong, without the text.</param>
    public static string? Decode(ReadOnlySpan<char> text, bool plusIsSpace, out string? fault)
    {
        fault = null;
        if (!text.ContainsAny(Coded)) return Text(text, out fault);
        var bytes = text.Length <= 512 ? stackalloc byte[text.Length * 3] : new byte[text.Length * 3];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    fault = "has a percent sign without two hexadecimal digits behind it";
                    return null;
                }
                bytes[length++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            else if (text[i] == '+' && plusIsSpace)
            {
                bytes[length++] = (byte)' ';
            }
            else
            {
                var rest = text[i..];
                var run = rest.IndexOfAny(Coded) is var next && next > 0 ? next : next < 0 ? rest.Length : 1;
                length += Encoding.UTF8.GetBytes(rest[..run], bytes[length..]);
                i += run - 1;
            }
        }
        if (!System.Text.Unicode.Utf8.IsValid(bytes[..length]))
        {
            fault = "is not UTF-8 when decoded (it may have half of a surrogate pair)";
            return null;
        }
        return Text(Encoding.UTF8.GetString(bytes[..length]), out fault);
    }

    private static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string? Text(ReadOnlySpan<char> text, out string? fault)
    {
        fault = null;
        foreach (var c in text)
        {
            if (!char.IsControl(c)) continue;
            fault = "must not contain control characters";
            return null;
        }
        return text.ToString();
    }
}

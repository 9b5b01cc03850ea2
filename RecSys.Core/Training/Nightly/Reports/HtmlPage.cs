using System.Net;
using System.Text;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>A page of headings, paragraphs, tables and pictures in one file, without scripts or anything from elsewhere. Texts are escaped.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#fff;max-width:64rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2.2rem 0 .5rem;border-bottom:1px solid #d8dee6}
        p{margin:.4rem 0}table{border-collapse:collapse;margin:.5rem 0;font-variant-numeric:tabular-nums}
        th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #eceff3}th{font-weight:600;background:#f5f7fa}
        th:first-child,td:first-child{text-align:left}td.text,th.text{text-align:left}
        .good{color:#17673a}.bad{color:#a32020}.verdict{font-size:1.1rem;padding:.5rem .8rem;background:#f5f7fa;border-left:4px solid #5b7a99}
        .scroll{overflow-x:auto}svg text{font:11px system-ui,sans-serif;fill:#44505c}
        """;

    private readonly StringBuilder body = new();

    public void Heading(string text) => body.Append("<h2>").Append(Escaped(text)).Append("</h2>\n");

    public void Paragraph(string text, string? kind = null) =>
        body.Append(kind is null ? "<p>" : $"<p class=\"{kind}\">").Append(Escaped(text)).Append("</p>\n");

    /// <param name="columns">Names; those that begin with a sign of <c>:</c> hold text and stand on the left.</param>
    /// <param name="rows">Cells by row.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        body.Append("<div class=\"scroll\"><table><tr>");
        foreach (var column in columns) Cell("th", column.TrimStart(':'), column.StartsWith(':'));
        body.Append("</tr>\n");
        foreach (var row in rows)
        {
            body.Append("<tr>");
            for (var i = 0; i < row.Count; i++) Cell("td", row[i], columns[i].StartsWith(':'));
            body.Append("</tr>\n");
        }
        body.Append("</table></div>\n");
    }

    /// <summary>A picture; what it says in texts must be escaped already.</summary>
    public void Picture(string svg) => body.Append(svg).Append('\n');

    public string ToHtml(string title) =>
        $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{Escaped(title)}</title><style>{Style}</style></head><body>
        <h1>{Escaped(title)}</h1>
        {body}</body></html>

        """;

    public static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private void Cell(string tag, string text, bool isText) =>
        body.Append(isText ? $"<{tag} class=\"text\">" : $"<{tag}>").Append(Escaped(text)).Append($"</{tag}>");
}

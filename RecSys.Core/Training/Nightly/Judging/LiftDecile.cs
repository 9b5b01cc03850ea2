namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>A tenth of the test rows by the challenger's score, the best first.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Rate">Share of clicked ones.</param>
/// <param name="Lift">That over the share among all rows.</param>
internal sealed record LiftDecile(int Rows, double Rate, double Lift)
{
    public static IReadOnlyList<LiftDecile> Of(float[] scores, bool[] clicked)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).ToArray();
        var overall = clicked.Count(click => click) / (double)Math.Max(1, clicked.Length);
        if (overall == 0) return [];
        return
        [
            .. Enumerable.Range(0, 10).Select(decile => order[(int)((long)decile * order.Length / 10)..(int)((long)(decile + 1) * order.Length / 10)])
                .Where(rows => rows.Length > 0)
                .Select(rows => (rows.Length, Rate: rows.Count(row => clicked[row]) / (double)rows.Length))
                .Select(decile => new LiftDecile(decile.Length, decile.Rate, decile.Rate / overall)),
        ];
    }
}

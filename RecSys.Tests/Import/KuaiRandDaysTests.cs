using RecSys.Core.Domain;
using RecSys.Core.Import.DataSets;

namespace RecSys.Tests.Import;

public sealed class KuaiRandDaysTests : ImportTest
{
    private const string Columns = "user_id,video_id,date,time_ms,is_click,is_like,is_follow,is_hate,long_view,play_time_ms,is_rand,tab";

    private static readonly DateOnly First = new(2022, 4, 29);
    private static readonly DateOnly Last = new(2022, 5, 8);

    private void Write(string name, params string[] rows)
    {
        Source.Write("user_features_pure.csv", "user_id\n7\n");
        Source.Write("video_features_basic_pure.csv", "video_id\n1\n");
        Source.Write(name, string.Join('\n', [Columns, .. rows]) + "\n");
    }

    private IReadOnlyList<LabelledImpression> Read() => KuaiRandDays.ReadLongViews(Source.Path, First, Last, Options, null, Ct);

    [Fact]
    public void ReadLongViews_Days_GoByTheColumnAndCountRepeats()
    {
        // Midnight in China is 1651161600000: the first row says the 29th with a time before it, the third the 28th.
        Write("log_standard_1.csv",
            "7,1,20220429,1651158273312,1,0,0,0,1,5000,0,1",
            "7,1,20220429,1651158273312,1,0,0,0,1,5000,0,1",
            "7,1,20220428,1651161600001,1,0,0,0,1,5000,0,1",
            "8,2,20220508,1652025599000,1,0,0,0,0,5000,0,4",
            "8,2,20220509,1652025600000,1,0,0,0,1,5000,0,4");

        var early = new LabelledImpression("7", "1", 1651158273312, "tab 1", true);
        Assert.Equal([early, early, new LabelledImpression("8", "2", 1652025599000, "tab 4", false)], Read());
    }

    [Fact]
    public void ReadLongViews_RandomPolicy_IsLeftOut()
    {
        Write("log_random_1.csv", "7,1,20220430,1651258273312,1,0,0,0,1,5000,1,1", "7,1,20220430,1651258273313,0,0,0,0,0,0,0,1");

        Assert.Equal(1651258273313, Assert.Single(Read()).TimeMs);
    }

    [Fact]
    public void ReadLongViews_OtherDaysOnly_SaysSo()
    {
        Write("log_standard_1.csv", "7,1,20220410,1649558273312,1,0,0,0,1,5000,0,1");

        Assert.Contains("2022-04-29", Assert.Throws<RecSysException>(() => Read()).Message, StringComparison.Ordinal);
    }
}

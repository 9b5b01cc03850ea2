using CsCheck;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Tests.Hosting.Requests;

public sealed class QueryParametersTests
{
    private static readonly string[] Known = ["user_id", "num_items"];

    [Theory]
    [InlineData("?user_id=a&num_items=5")]
    [InlineData("?num_items=5&user_id=a&")]
    [InlineData("?user%5Fid=a&num_items=5")]
    [InlineData("")]
    public void Read_SoundQuery_IsValid(string query) => Assert.True(QueryParameters.Read(query, Known).AreValid);

    [Theory]
    [InlineData("?num_items=5%00", "num_items")]
    [InlineData("?num_items=5&num_items=5", "num_items")]
    [InlineData("?user_id=a&user_id=", "user_id")]
    [InlineData("?user_id=a&user_id=b&user_id=c", "user_id")]
    [InlineData("?user_id=%", "user_id")]
    [InlineData("?user_id=%4", "user_id")]
    [InlineData("?user_id=%zz", "user_id")]
    [InlineData("?user_id=%ED%A0%80", "user_id")]
    [InlineData("?user_id=%C0%AF", "user_id")]
    [InlineData("?user_id=a%0Ab", "user_id")]
    [InlineData("?user_id=%FF", "user_id")]
    [InlineData("?secret=1", "query")]
    [InlineData("?USER_ID=a", "query")]
    [InlineData("?%ED%A0%80=a", "query")]
    [InlineData("?user_id[]=a", "query")]
    public void Read_FaultyQuery_NamesTheParameterAndNotTheValue(string query, string name)
    {
        var read = QueryParameters.Read(query, Known);

        var (key, faults) = Assert.Single(read.Errors);
        Assert.Equal(name, key);
        Assert.DoesNotContain("secret", faults[0], StringComparison.Ordinal);
        Assert.Null(read.Text(name));
    }

    [Fact]
    public void Read_ManyParameters_EndsAtALimit() =>
        Assert.Contains("64",
            QueryParameters.Read(string.Join('&', Enumerable.Range(0, 100).Select(i => $"p{i}=1")),
            [.. Enumerable.Range(0, 100).Select(i => $"p{i}")]).Errors["query"][0], StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("101")]
    [InlineData("2147483648")]
    [InlineData("10.5")]
    [InlineData("1e1")]
    [InlineData("ten")]
    [InlineData("")]
    [InlineData("%20" + "5")]
    [InlineData("%D9%A5")]
    public void WholeNumber_AnythingElse_IsAFault(string value)
    {
        var read = QueryParameters.Read($"num_items={value}", Known);

        Assert.Equal(20, read.WholeNumber("num_items", 1, 100, 20));
        Assert.Contains("num_items", read.Errors.Keys);
    }

    [Fact]
    public void Read_AnyText_ComesBackAsTheFrameworkDecodesIt() =>
        Gen.String[Gen.Char[' ', '퟿'].Where(c => !char.IsControl(c)), 0, 40].Sample(text =>
    {
        var read = QueryParameters.Read($"?user_id={Uri.EscapeDataString(text)}", Known);

        return read.AreValid && read.Text("user_id") == text;
    });
}

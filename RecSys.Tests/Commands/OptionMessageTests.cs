using System.CommandLine;
using System.Reflection;
using RecSys.Api.Hosting;

namespace RecSys.Tests.Commands;

/// <summary>What the program says of values that are none.</summary>
public sealed class OptionMessageTests
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly IReadOnlyList<Command> commands =
    [
        .. typeof(ServerSettings).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("RecSys.Api.Commands", StringComparison.Ordinal) == true)
            .Select(type => type.GetMethod("Create", Static, Type.EmptyTypes)).OfType<MethodInfo>()
            .Where(create => create.ReturnType == typeof(Command)).Select(create => (Command)create.Invoke(null, null)!)
            .Where(command => !command.Hidden),
    ];

    [Fact]
    public void Option_WithAWordInPlaceOfANumber_IsNamedAndNoTypeOfTheProgram()
    {
        var all = commands.SelectMany(Within).ToList();
        var tried = 0;
        foreach (var (command, option) in all.SelectMany(command => command.Options.Select(option => (command, option))))
        {
            var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
            if (!type.IsPrimitive && type != typeof(decimal)) continue;
            var errors = command.Parse([option.Name, "x,5"]).Errors.Select(error => error.Message)
                .Where(message => message.Contains(option.Name, StringComparison.Ordinal)).ToList();
            if (type == typeof(bool) && errors.Count == 0) continue;
            Assert.True(errors.Count > 0, $"{command.Name} takes x,5 for {option.Name}");
            Assert.All(errors, message => Assert.DoesNotContain("System.", message, StringComparison.Ordinal));
            tried++;
        }
        Assert.True(tried > 40, $"only {tried} options were tried");
    }

    [Theory]
    [InlineData("--users", 200, "1,000 positive events")]
    [InlineData("--items", 100, "lists of 20")]
    public void Demo_SmallerThanItWorks_SaysWhy(string option, int least, string why)
    {
        var demo = commands.Single(command => command.Name == "demo");

        Assert.Empty(demo.Parse([option, $"{least}"]).Errors);
        var message = Assert.Single(demo.Parse([option, $"{least - 1}"]).Errors).Message;
        Assert.StartsWith($"{option} must be a whole number from {least} to 1000000: ", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Within(Command command) => command.Subcommands.SelectMany(Within).Prepend(command);
}

using System.Reflection;
using System.Runtime.Loader;
using System.Runtime.Serialization;
using System.Web;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Newtonsoft.Json;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.OpenApi;

/// <summary>A client in C# as NSwag generates it from the document, compiled and ready to be called by the names of operations.</summary>
internal sealed class GeneratedClient
{
    private const string Space = "RecSys.Generated";

    private static readonly string Generator = Repository.File("artifacts/tools/nswag/nswag");

    private readonly object client;

    private GeneratedClient(object client) => this.client = client;

    public static async Task<GeneratedClient> CreateAsync(string document, HttpClient http, Uri address)
    {
        Assert.True(File.Exists(Generator), $"{Generator} is missing: run eng/setup.sh, which installs what tests need.");
        using var folder = new TemporaryFolder();
        var (code, output, error) = await ProcessRig.RunProcessAsync(Generator,
        [
            "openapi2csclient", $"/input:{folder.Write("openapi.json", document)}", $"/output:{folder["client.cs"]}",
            "/className:RecSysClient", $"/namespace:{Space}", "/operationGenerationMode:SingleClientFromOperationId",
            "/generateOptionalParameters:true", "/generateNullableReferenceTypes:true", "/jsonLibrary:NewtonsoftJson",
        ]);
        Assert.True(code == 0 && File.Exists(folder["client.cs"]), output + error);
        var type = Compile(await File.ReadAllTextAsync(folder["client.cs"], TestContext.Current.CancellationToken))
            .GetType($"{Space}.RecSysClient", throwOnError: true)!;
        var constructor = type.GetConstructors().Single();
        var client = constructor.Invoke(constructor.GetParameters().Length == 1 ? [http] : [address.ToString(), http]);
        type.GetProperty("BaseUrl")?.SetValue(client, address.ToString());
        return new GeneratedClient(client);
    }

    /// <summary>The methods, by operation.</summary>
    public MethodInfo? Find(string operation) => client.GetType().GetMethods()
        .Where(method => method.Name == $"{operation}Async").MaxBy(method => method.GetParameters().Length);

    /// <summary>Calls an operation as a call of the page did.</summary>
    /// <returns>The status, and what came back.</returns>
    public async Task<(int Status, object? Result)> CallAsync(ApiOperation operation, ApiCall like)
    {
        var method = Find(operation.Id)!;
        var values = HttpUtility.ParseQueryString(like.Target.Query);
        var path = operation.Match(like.Path);
        var arguments = method.GetParameters().Select(parameter => Argument(parameter, name =>
            path.Groups[name] is { Success: true } group ? Uri.UnescapeDataString(group.Value) : values[name], operation, like)).ToArray();
        try
        {
            var running = (Task)method.Invoke(client, arguments)!;
            await running;
            var result = running.GetType().GetProperty("Result")?.GetValue(running);
            var status = result?.GetType().GetProperty("StatusCode")?.GetValue(result) as int? ?? 200;
            (result as IDisposable)?.Dispose();
            return (status, result);
        }
        catch (Exception refused) when (refused.GetType().FullName!.StartsWith(Space, StringComparison.Ordinal))
        {
            var status = (int)refused.GetType().GetProperty("StatusCode")!.GetValue(refused)!;
            return (status, refused.GetType().GetProperty("Result")?.GetValue(refused) ?? refused.Message);
        }
    }

    private static object? Argument(ParameterInfo parameter, Func<string, string?> find, ApiOperation operation, ApiCall like)
    {
        if (parameter.ParameterType == typeof(CancellationToken)) return TestContext.Current.CancellationToken;
        if (parameter.Name == "body")
            return like.RequestBody is null ? null : JsonConvert.DeserializeObject(like.RequestBody.Split('\n') is [var line, ..]
                && operation.Request!.Value.Key != "application/json" ? line : like.RequestBody, parameter.ParameterType);
        var name = operation.Parameters.Select(each => each["name"]!.GetValue<string>())
            .Single(each => string.Equals(Letters(each), Letters(parameter.Name!), StringComparison.OrdinalIgnoreCase));
        if (find(name) is not { } text) return null;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type.IsEnum)
        {
            return Enum.Parse(type, type.GetFields().Single(field => field.GetCustomAttribute<EnumMemberAttribute>()?.Value == text).Name);
        }
        return type == typeof(DateTimeOffset) ? DateTimeOffset.Parse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal)
            : Convert.ChangeType(text, type, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static Assembly Compile(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("RecSysClient",
            [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        return new AssemblyLoadContext("generated client").LoadFromStream(image);
    }
}

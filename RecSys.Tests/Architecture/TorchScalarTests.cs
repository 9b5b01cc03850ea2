using Mono.Cecil;
using Mono.Cecil.Cil;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Architecture;

/// <summary>
/// TorchSharp hands numbers to libtorch as objects that the garbage collector may free while they are read, wherever nobody holds them.
/// </summary>
public sealed class TorchScalarTests
{
    private const string Conversion = "TorchSharp.Scalar::op_Implicit";

    [Fact]
    public void Code_MakesNoScalarsInPassing()
    {
        using var torch = AssemblyDefinition.ReadAssembly(typeof(TorchSharp.torch).Assembly.Location);
        using var core = AssemblyDefinition.ReadAssembly(typeof(KeptScalars).Assembly.Location);
        var unsafeCalls = MakingScalars(torch);

        Assert.Contains(unsafeCalls, name => name.Contains("Tensor::add_(TorchSharp.Scalar)", StringComparison.Ordinal));
        Assert.Empty(Callers(core, unsafeCalls).Where(call => call.Type != typeof(KeptScalars).FullName)
            .Select(call => $"{call.Method} calls {call.Called}"));
    }

    // Methods that make one inside, and those that call such a method.
    private static HashSet<string> MakingScalars(AssemblyDefinition torch)
    {
        var calls = Calls(torch).ToArray();
        var making = calls.Where(call => call.Called.Contains(Conversion, StringComparison.Ordinal)).Select(call => call.Method)
            .ToHashSet(StringComparer.Ordinal);
        for (var before = 0; making.Count > before;)
        {
            before = making.Count;
            making.UnionWith(calls.Where(call => making.Contains(call.Called)).Select(call => call.Method).ToArray());
        }
        return making;
    }

    private static IEnumerable<(string Type, string Method, string Called)> Callers(AssemblyDefinition assembly, HashSet<string> calls) =>
        Calls(assembly).Where(call => calls.Contains(call.Called) || call.Called.Contains(Conversion, StringComparison.Ordinal));

    private static IEnumerable<(string Type, string Method, string Called)> Calls(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetTypes()
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.OpCode.FlowControl == FlowControl.Call && instruction.Operand is MethodReference
        let called = (MethodReference)instruction.Operand
        where called.DeclaringType.Namespace.StartsWith("TorchSharp", StringComparison.Ordinal) || called.DeclaringType.IsNested
        select (type.FullName, method.FullName, called.FullName);
}

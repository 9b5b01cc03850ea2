using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Endpoints;

/// <summary>Turns what is wrong with a body into the answer.</summary>
internal static class Faults
{
    public static IResult ToProblem(IReadOnlyList<FieldFault> faults) => Problems.BadRequest(
        faults.GroupBy(fault => fault.Pointer)
            .ToDictionary(group => group.Key, group => group.Select(fault => fault.Detail).ToArray(), StringComparer.Ordinal));
}

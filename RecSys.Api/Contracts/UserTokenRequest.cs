using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Contracts;

/// <summary>Body of <c>POST /tokens</c>. For the OpenAPI document.</summary>
/// <param name="UserId">Who gets it: a user, or a visitor's anonymous id.</param>
/// <param name="Minutes">How long it holds, 1 to 60; 15 when left out (<c>Authentication:UserTokenMinutes</c>).</param>
public sealed record UserTokenRequest([property: Identifier] string UserId, [property: Range(1, 60)] int? Minutes = null);

using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>Says in the OpenAPI document that a field is an id or another name: 1 to 256 characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentifierAttribute : StringLengthAttribute
{
    public IdentifierAttribute()
        : base(Identifiers.MaxLength) => MinimumLength = 1;
}

using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations;

[OptionsValidator]
internal sealed partial class RecommendationOptionsValidator : IValidateOptions<RecommendationOptions>;

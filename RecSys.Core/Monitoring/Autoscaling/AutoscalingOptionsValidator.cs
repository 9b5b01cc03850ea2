using Microsoft.Extensions.Options;

namespace RecSys.Core.Monitoring.Autoscaling;

[OptionsValidator]
internal sealed partial class AutoscalingOptionsValidator : IValidateOptions<AutoscalingOptions>;

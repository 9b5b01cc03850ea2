using Microsoft.Extensions.Options;

namespace RecSys.Core.Monitoring;

[OptionsValidator]
internal sealed partial class MonitoringOptionsValidator : IValidateOptions<MonitoringOptions>;

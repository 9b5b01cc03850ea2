using Microsoft.Extensions.Options;

namespace RecSys.Core.Monitoring.Alerts;

[OptionsValidator]
internal sealed partial class AlertOptionsValidator : IValidateOptions<AlertOptions>;

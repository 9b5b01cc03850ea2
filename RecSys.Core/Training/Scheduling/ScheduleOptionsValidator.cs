using Microsoft.Extensions.Options;

namespace RecSys.Core.Training.Scheduling;

[OptionsValidator]
internal sealed partial class ScheduleOptionsValidator : IValidateOptions<ScheduleOptions>;

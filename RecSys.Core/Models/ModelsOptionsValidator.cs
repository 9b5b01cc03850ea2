using Microsoft.Extensions.Options;

namespace RecSys.Core.Models;

[OptionsValidator]
internal sealed partial class ModelsOptionsValidator : IValidateOptions<ModelsOptions>;

using Microsoft.Extensions.Options;

namespace RecSys.Core.Retrieval.Text;

[OptionsValidator]
internal sealed partial class TextOptionsValidator : IValidateOptions<TextOptions>;

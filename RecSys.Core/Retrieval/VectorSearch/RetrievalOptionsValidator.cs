using Microsoft.Extensions.Options;

namespace RecSys.Core.Retrieval.VectorSearch;

[OptionsValidator]
internal sealed partial class RetrievalOptionsValidator : IValidateOptions<RetrievalOptions>;

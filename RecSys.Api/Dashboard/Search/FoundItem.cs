namespace RecSys.Api.Dashboard.Search;

/// <summary>An item that was found.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Category">Its primary category.</param>
/// <param name="Servable">False: in no reply.</param>
public sealed record FoundItem(string ItemId, string Title, string Category, bool Servable);

namespace RecSys.Core.Simulation.World;

/// <summary>Words and ranges that the items of one category are made of.</summary>
/// <param name="Name">Category name.</param>
/// <param name="Nouns">What the title is about.</param>
/// <param name="Price">Median price; 0 for content that is free.</param>
/// <param name="Minutes">Median duration; 0 for goods.</param>
internal sealed record WorldCategory(string Name, string[] Nouns, double Price, double Minutes)
{
    public static readonly string[] Adjectives =
        ["Best", "Essential", "Quiet", "Bold", "Hidden", "Smart", "Classic", "Modern", "Simple", "Rare", "Everyday", "Golden", "Wild",
            "Gentle", "Fresh", "Lasting"];

    public static readonly string[] Endings =
        ["for Beginners", "in 2026", "at Home", "on a Budget", "You Will Love", "Explained", "for Two", "by the Sea", "of the Year",
            "After Dark", "in Ten Minutes", "Collection", "Edition", "Guide", "Stories", "Picks"];

    public static readonly IReadOnlyList<WorldCategory> All =
    [
        new("technology", ["Tech Gadgets", "Headphones", "Smartphones", "Home Servers", "Keyboards"], 120, 9),
        new("gaming", ["Strategy Games", "Speedruns", "Consoles", "Indie Games", "Game Soundtracks"], 45, 18),
        new("cooking", ["Pasta Dishes", "Soups", "Bread Recipes", "Street Food", "Spice Mixes"], 18, 7),
        new("travel", ["Island Trips", "Night Trains", "City Walks", "Mountain Huts", "Road Trips"], 90, 14),
        new("music", ["Piano Pieces", "Live Sessions", "Jazz Records", "Guitar Lessons", "Choir Songs"], 22, 5),
        new("fitness", ["Home Workouts", "Running Plans", "Yoga Flows", "Kettlebells", "Stretching Routines"], 35, 20),
        new("fashion", ["Linen Shirts", "Winter Coats", "Sneakers", "Silk Scarves", "Denim Looks"], 65, 6),
        new("beauty", ["Skin Routines", "Perfumes", "Hair Styles", "Natural Soaps", "Nail Designs"], 28, 6),
        new("home", ["Small Kitchens", "Reading Lamps", "Wool Rugs", "Oak Shelves", "Ceramic Bowls"], 75, 8),
        new("garden", ["Balcony Plants", "Herb Beds", "Rose Pruning", "Garden Tools", "Tomato Plants"], 24, 9),
        new("books", ["Crime Novels", "Short Stories", "Biographies", "Poems", "Graphic Novels"], 15, 12),
        new("film", ["Heist Movies", "Documentaries", "Silent Films", "Film Scores", "Director Talks"], 12, 95),
        new("comedy", ["Sketches", "Stand-up Sets", "Pranks", "Office Jokes", "Cartoon Strips"], 0, 4),
        new("news", ["Morning Briefings", "Interviews", "Market Reports", "Weather Reports", "Debates"], 0, 6),
        new("sports", ["Football Highlights", "Tennis Matches", "Climbing Routes", "Cycling Races", "Swim Drills"], 40, 11),
        new("science", ["Space Missions", "Chemistry Tricks", "Brain Facts", "Deep Sea Dives", "Fossil Finds"], 0, 13),
        new("history", ["Roman Roads", "Castle Tours", "Lost Cities", "Old Maps", "Sea Voyages"], 0, 22),
        new("pets", ["Puppy Tips", "Cat Videos", "Bird Songs", "Aquariums", "Dog Walks"], 26, 4),
        new("parenting", ["Bedtime Routines", "Toy Reviews", "School Lunches", "Baby Carriers", "Craft Days"], 32, 10),
        new("cars", ["Electric Cars", "Classic Engines", "Camper Vans", "Rally Stages", "Repair Tips"], 150, 12),
        new("photography", ["Street Photos", "Lens Tests", "Portrait Lighting", "Film Cameras", "Drone Shots"], 180, 10),
        new("art", ["Watercolours", "Museum Tours", "Pottery", "Sketchbooks", "Murals"], 48, 11),
        new("finance", ["Saving Plans", "Index Funds", "Tax Tips", "Budget Sheets", "Pension Basics"], 0, 15),
        new("diy", ["Wood Joints", "Wall Paints", "Bike Repairs", "Sewing Patterns", "Solder Kits"], 30, 16),
        new("outdoors", ["Tents", "Trail Maps", "Campfire Meals", "Kayak Tours", "Hiking Boots"], 85, 13),
    ];
}

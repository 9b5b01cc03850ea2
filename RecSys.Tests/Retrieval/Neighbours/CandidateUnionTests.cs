using CsCheck;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Tests.Retrieval.Neighbours;

public sealed class CandidateUnionTests
{
    [Fact]
    public void Union_AnyLists_AreTheBestNeighboursAndTheNearestItemsBesideThem()
    {
        var permutation = Gen.Shuffle(Enumerable.Range(0, 60).ToArray());
        Gen.Select(permutation, permutation, Gen.Int[0, 59].HashSet[0, 30], Gen.Int[1, 40], Gen.Double[0, 0.9], Gen.Int[0, 60])
            .Sample((nearest, near, met, wanted, share, neighbours) =>
            {
                var list = new List<int>();
                var ranks = new Dictionary<int, int>();
                var union = new Union(list, ranks, met);
                var places = CandidateUnion.Places(wanted, share);
                var added = CandidateUnion.AddNeighbours(ref union, near.AsSpan(0, neighbours), places);
                CandidateUnion.AddFound(ref union, nearest, new float[60], added, wanted);

                // Reckoned plainly: the first neighbours that are new, then the nearest new items until there are enough.
                var taken = near[..neighbours].Where(item => !met.Contains(item)).Take(places).ToList();
                taken.AddRange(nearest.Where(item => !met.Contains(item) && !taken.Contains(item)).Take(wanted - taken.Count));
                var proposed = list.Where(item => !met.Contains(item)).ToArray();
                Assert.Equal(taken.Order(), proposed.Order());
                Assert.Equal(Math.Min(wanted, 60 - met.Count), proposed.Length);
                // Ranks count what is new among the nearest, whoever proposed it first.
                var byRank = nearest.Where(item => !met.Contains(item)).ToArray();
                Assert.All(ranks.Where(entry => !met.Contains(entry.Key)), entry => Assert.Equal(entry.Key, byRank[entry.Value]));
            });
    }

    private readonly struct Union(List<int> list, Dictionary<int, int> ranks, HashSet<int> met) : IUnionList
    {
        public bool MayGet(int item) => IsNew(item);
        public bool IsNew(int item) => !met.Contains(item);
        public void AddNeighbour(int item) => list.Add(item);

        public bool AddFound(int item, float score, int rank)
        {
            ranks[item] = rank;
            if (list.Contains(item)) return false;
            list.Add(item);
            return true;
        }
    }
}

using RecSys.Core.Retrieval.TwoTower;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class TowerOptimizerTests
{
    [Fact]
    public void Step_ManyTimes_EqualsTorch()
    {
        const double decay = 0.1;
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var ours = nn.Linear(7, 5);
        var theirs = nn.Linear(7, 5);
        theirs.load_state_dict(ours.state_dict());
        using var optimizer = new TowerOptimizer([ours], decay);
        AdamW.ParamGroup[] groups = [new([theirs.weight], 0.01, weight_decay: decay), new([theirs.bias!], 0.01, weight_decay: 0)];
        var reference = new AdamW(groups, 0.01);

        for (var step = 0; step < 50; step++)
        {
            var (input, rate) = (randn(3, 7), 0.01 / (1 + step));
            foreach (var group in reference.ParamGroups) group.LearningRate = rate;
            foreach (var layer in (Linear[])[ours, theirs])
            {
                layer.zero_grad();
                layer.call(input).pow(2).sum().backward();
            }
            optimizer.Step(rate);
            reference.step();
        }

        Assert.Equal(0, (ours.weight - theirs.weight).abs().max().item<float>(), 1e-5);
        Assert.Equal(0, (ours.bias! - theirs.bias!).abs().max().item<float>(), 1e-5);
    }
}

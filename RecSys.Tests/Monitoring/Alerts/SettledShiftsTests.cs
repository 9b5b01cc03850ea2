using RecSys.Core.Monitoring.Alerts.Sources;

namespace RecSys.Tests.Monitoring.Alerts;

public sealed class SettledShiftsTests
{
    private readonly SettledShifts settled = new();

    [Fact]
    public void Worst_ReferenceThatWasNeverMet_TellsNoChange()
    {
        Assert.Null(settled.Worst("v1.0.0", [("tenure", 9.7), ("category_mix", 1.9)]));
        Assert.Null(settled.Worst("v1.0.0", [("tenure", 11.2), ("category_mix", 0.15)]));
    }

    [Fact]
    public void Worst_WhatWasStableAndMoves_IsFoundBesideWhatNeverWas()
    {
        Assert.Equal(("category_mix", 0.05), settled.Worst("v1.0.0", [("tenure", 9.7), ("category_mix", 0.05), ("price", 0.02)]));

        Assert.Equal(("category_mix", 0.31), settled.Worst("v1.0.0", [("tenure", 9.7), ("category_mix", 0.31), ("price", 0.03)]));
        // Nothing is judged for a while, and it goes on.
        Assert.Null(settled.Worst(null, []));
        Assert.Equal(("price", 0.4), settled.Worst("v1.0.0", [("category_mix", 0.31), ("price", 0.4)]));
    }

    [Fact]
    public void Worst_AnotherModel_HasToBeMetAnew()
    {
        settled.Worst("v1.0.0", [("price", 0.01)]);

        Assert.Null(settled.Worst("v1.0.1", [("price", 0.5)]));
        Assert.Equal(("price", 0.0), settled.Worst("v1.0.1", [("price", 0.0)]));
    }
}

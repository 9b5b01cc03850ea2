namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What a draw is for; each has its own luck.</summary>
internal enum Purpose : byte
{
    Click, Hide, Watch, Like, Dislike, Buy, Subscribe, Leave, NextPage, Pause, Sessions, Hour, Device, ReadingTime, Policy, Bot, Budget,
    FirstLevel,
}

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>One page that a user will ask for.</summary>
/// <param name="User">Number of the user.</param>
/// <param name="Session">Which of the user's sessions of the day.</param>
/// <param name="Page">Which page of the session, from 0.</param>
internal readonly record struct Visit(int User, int Session, int Page);

namespace RecSys.Core.Ranking.Calibration;

/// <summary>Turns a ranker's raw score into a probability without changing the order of two scores.</summary>
public interface ICalibrator
{
    /// <summary>
    /// A probability from 0 to 1, never smaller for a larger score; NaN stays NaN, so that it can sink to the end of a list.
    /// </summary>
    double Calibrate(double rawScore);
}

namespace RecSys.Core.Ranking.Calibration;

/// <summary>Reads and writes <c>calibration.json</c>.</summary>
public static class CalibrationFile
{
    public static void Save(ICalibrator calibrator, string path) => throw new NotImplementedException();

    public static ICalibrator Load(string path) => throw new NotImplementedException();
}

namespace RecSys.Core.Features;

/// <summary>
/// A number of 11 significant bits in two bytes (IEEE binary16): steps of 0.05 % up to 65,504, and whole numbers exact up to 2,048.
/// </summary>
internal readonly struct ShortFloat
{
    private readonly Half value;

    private ShortFloat(Half value) => this.value = value;

    public static implicit operator float(ShortFloat number) => (float)number.value;

    public static implicit operator ShortFloat(float number) => new((Half)number);
}

using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>A hidden unit's weights, or their gradients, side by side.</summary>
internal struct FusedUnit
{
    /// <summary>The weights of x0 and x1, and the bias; a 0 fills up.</summary>
    public Vector256<double> Inputs;

    /// <summary>The weights of up to four classes.</summary>
    public Vector256<double> Outputs;

    public readonly double X => Inputs[0];

    public readonly double Y => Inputs[1];

    public readonly double Bias => Inputs[2];

    public readonly double Class0 => Outputs[0];

    public readonly double Class1 => Outputs[1];

    public readonly double Class2 => Outputs[2];
}

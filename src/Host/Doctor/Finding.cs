namespace AlertResponder.Host.Doctor;

/// <summary>What a check has found: one line.</summary>
/// <param name="State">Whether anything must be done about it.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">How it is, with the fix where it is not well.</param>
internal sealed record Finding(FindingState State, string Subject, string Text)
{
    public static Finding Ok(string subject, string text) => new(FindingState.Ok, subject, text);

    public static Finding Note(string subject, string text) => new(FindingState.Note, subject, text);

    /// <param name="subject">What was looked at.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="fix">What to do, without a full stop.</param>
    public static Finding Fail(string subject, string problem, string fix) => new(FindingState.Fail, subject, $"{problem}. {fix}.");
}

/// <summary>Whether anything must be done.</summary>
internal enum FindingState
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It is not configured, or worth knowing.</summary>
    Note,

    /// <summary>It must be mended.</summary>
    Fail,
}

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>What an exit code tells by itself.</summary>
internal static class ExitCodes
{
    /// <summary>A main clause without a full stop, or null where the code tells nothing.</summary>
    public static string? Meaning(int code) => code switch
    {
        1 => "the application gave up with an error",
        2 => "wrong use of a command, or a Go panic",
        126 => "the command cannot be executed: no permission, or built for another architecture",
        127 => "the command was not found in the image",
        128 => "the container could not be started",
        134 => "the process aborted itself (SIGABRT)",
        135 => "the process hit a bus error (SIGBUS)",
        137 => "the process was killed from outside (SIGKILL)",
        139 => "the process crashed on a memory access (SIGSEGV)",
        143 => "the process was asked to stop (SIGTERM)",
        255 => "the application gave up with exit code 255 (-1)",
        > 128 and < 160 => $"the process was ended by signal {code - 128}",
        _ => null,
    };
}

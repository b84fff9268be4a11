namespace AlertResponder.Gateway.Intake;

/// <summary>A click could not be made safe; the person must be told that nothing will come of it.</summary>
internal sealed class ClickNotSafeException(string message, Exception inner) : Exception(message, inner);

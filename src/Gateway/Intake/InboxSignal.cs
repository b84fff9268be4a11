using AlertResponder.Resilience;

namespace AlertResponder.Gateway.Intake;

/// <summary>Wakes the dispatcher when the inbox has something new.</summary>
internal sealed class InboxSignal : StoreSignal;

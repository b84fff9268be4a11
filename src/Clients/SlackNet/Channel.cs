namespace SlackNet;

public sealed class Channel : Hub;

namespace SlackNet;

public sealed class ModalViewInfo : ViewInfo;

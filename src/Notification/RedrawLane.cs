namespace AlertResponder.Notification;

/// <summary>What a drawing waits for, the most important last.</summary>
internal enum RedrawLane
{
    /// <summary>A message that is there is redrawn.</summary>
    Update,

    /// <summary>A first message.</summary>
    Post,

    /// <summary>The first message of an incident with a critical alert that fires.</summary>
    UrgentPost,
}

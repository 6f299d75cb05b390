"""What a figure was before a goal was set."""

"""What happened: the log of events, who wants to hear of them, and their delivery."""

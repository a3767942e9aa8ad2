"""The main job in one minute: from an empty directory to an approved card payment."""

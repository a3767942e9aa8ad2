"""The commands: a folder for each part of the list in `cardwright --help`, a file a group."""

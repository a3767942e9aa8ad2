"""What helps at a developer's desk: command lines that listen, and real objects on demand."""

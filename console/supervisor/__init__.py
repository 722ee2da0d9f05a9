"""What `make run` starts: the embedded servers and Landfall's processes, watched by one supervisor."""

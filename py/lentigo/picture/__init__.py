"""From a file's bytes to a measured, located, normalised square."""

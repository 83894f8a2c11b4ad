"""The map of the body, and the same choice as a list: parts of screens, pure."""

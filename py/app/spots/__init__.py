"""The spots that are kept: what the page knows of the store, and what happens to it. Pure."""

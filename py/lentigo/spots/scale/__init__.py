"""A scale in the photo: a coin of known diameter, found in it, and what that makes of a size."""

"""The picture sets, and what is drawn on them or instead of them. Imports nothing of training."""

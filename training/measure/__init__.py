"""Metrics, predictions, and the evaluation of one model on one split."""

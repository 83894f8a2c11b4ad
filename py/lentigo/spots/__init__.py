"""Spots kept over time: records, what is due, what stands from before, and comparison."""

"""The model card: figures as charts, words and tables."""

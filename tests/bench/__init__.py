"""Speed and size, measured in a real browser. `python3 serve.py bench` runs it; no test does."""

"""From the network's numbers to a reading, and what a model must declare."""

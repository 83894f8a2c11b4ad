"""From a reading, the picture's doubts and the visitor's answers to one priority and advice."""

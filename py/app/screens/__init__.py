"""One package a screen: its state, its update, its view."""

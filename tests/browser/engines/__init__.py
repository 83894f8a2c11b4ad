"""Firefox and WebKit: found, driven, and asked for the same as Chromium."""

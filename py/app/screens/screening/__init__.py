"""The screen that everybody opens: a photo or the camera, an answer, the questions."""

"""From a checkpoint to the files of a released model, here and for other runtimes."""

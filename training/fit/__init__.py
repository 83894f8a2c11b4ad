"""Everything that learns: training runs, teachers, averaging, calibration."""

"""What a visitor takes along from an answer: a report for the doctor, a reminder. Pure."""

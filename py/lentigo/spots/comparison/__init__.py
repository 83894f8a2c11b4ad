"""Two photos of one spot: lined up by the skin around it, and what differs beyond the error."""

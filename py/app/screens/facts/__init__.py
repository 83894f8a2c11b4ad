"""How well the model works, in the figures that its evaluation wrote."""

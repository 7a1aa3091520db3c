"""Apps with different bones, for the attacks to be tried on."""

"""What goes out, when, and who said so."""

"""What reports are put together from: each module writes one section from the functions that pages and CSV use."""

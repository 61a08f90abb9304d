"""What stands between the force and residents: accounts, publications, replies and figures, and the channels to them."""

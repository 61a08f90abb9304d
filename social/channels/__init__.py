"""The code that speaks to the networks: one module a network, all behind the protocol of `base`."""

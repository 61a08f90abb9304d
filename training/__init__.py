"""How the analyser's weights are made: `make train` and `make eval`. Nothing here runs in production."""

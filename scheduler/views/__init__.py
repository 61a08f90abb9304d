"""Pages of the app; the only modules here that import Streamlit. Nothing imports them but `app.py`."""

"""Streamlit's own options, set here once. `.streamlit/config.toml` repeats them for plain `streamlit run app.py`;
a test holds the two together."""

from collections.abc import Mapping
from typing import Any

from social.settings import Settings
from social.sign_in_ways import Way, address_of
from social.vault import Vault

OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.maxUploadSize": 20,
    "server.runOnSave": False,
    "theme.headingFontSizes": ["2.25rem", "1.625rem", "1.25rem"],
    "theme.light.primaryColor": "#12436D",
    "theme.light.backgroundColor": "#FFFFFF",
    "theme.light.secondaryBackgroundColor": "#F1F4F7",
    "theme.light.textColor": "#0B0C0C",
    "theme.light.linkColor": "#1A65A6",
    "theme.light.borderColor": "#C6CDD4",
    "theme.dark.primaryColor": "#2073BC",
    "theme.dark.backgroundColor": "#171614",
    "theme.dark.secondaryBackgroundColor": "#24262A",
    "theme.dark.textColor": "#F3F2F1",
    "theme.dark.linkColor": "#8FC1EE",
    "theme.dark.borderColor": "#4A4F55",
}
"""magicEnabled False: a text that stands alone in a page's file is a remark, not output.  maxUploadSize: MB.  showErrorDetails none: an error's text may hold what must not be shown."""


def run_options(settings: Settings, *, watch: bool = False) -> dict[str, object]:
    """The options for one run.  watch: reload when a file is edited (for developers only).

    postScriptGC: Streamlit would look through all memory for garbage after every run of a page, which takes longer than
    most pages (6 ms in a new process, 60 in one that has shown every page). Python's own collector finds it in time."""
    return {
        **OPTIONS,
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        "runner.postScriptGC": watch,
        "server.address": settings.host,
        "server.port": settings.port,
        "server.fileWatcherType": "auto" if watch else "none",
    }


def secrets_for(settings: Settings, vault: Vault) -> Mapping[str, Any] | None:
    """What Streamlit has to know for `st.login`; None where nobody signs in by OpenID Connect.

    The secret that signs its cookie comes from our key, so that every process of an installation has the same."""
    if settings.sign_in != Way.OIDC:
        return None
    return {
        "auth": {
            "redirect_uri": f"{address_of(settings)}/oauth2callback",
            "cookie_secret": vault.sign_in_digest("cookie"),
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret,
            "server_metadata_url": settings.oidc_metadata_url,
        }
    }

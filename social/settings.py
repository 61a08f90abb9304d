"""Every setting in one table, read once and passed in.

A setting comes from the environment (`BEATLINE_` and its name in capitals), else from `beatline.toml` in the home
folder, else from its default. docs/configuration.md is held to this table by a test."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from social.errors import InputError


@dataclass(frozen=True)
class Setting:
    """One row of the table.  default: as text.  unit: '' for none.  secret: never shown in full."""

    name: str
    default: str
    unit: str
    help: str
    parse: Callable[[str], Any] = str
    secret: bool = False

    @property
    def variable(self) -> str:
        return f"BEATLINE_{self.name.upper()}"


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError("must be a port")
    return number


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("must be 1 or more")
    return number


def _count_or_none(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("must be 0 or more")
    return number


def _query(text: str) -> int:
    """X's limits: https://docs.x.com/x-api/posts/search/integrate/build-a-query, read in November 2026."""
    number = int(text)
    if not 512 <= number <= 4096:
        raise ValueError("must be 512 to 4096")
    return number


def _way(text: str) -> str:
    if text not in ("auto", "local", "oidc", "proxy"):
        raise ValueError("must be one of the ways there are")
    return text


def _web_address(text: str) -> str:
    if text and urlsplit(_address_with_path(text)).path:
        raise ValueError("must be a web address without a path")
    return text.rstrip("/")


def _address_with_path(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        raise ValueError("must be a web address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a web address")
    return text.rstrip("/")


def _time_of_day(text: str) -> time:
    return time.fromisoformat(text).replace(tzinfo=None)


def _not_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e6:
        raise ValueError("must be 0 or more")
    return number


def _choice(*known: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return text

    return parse


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise ValueError("must be above 0")
    return number


TABLE: tuple[Setting, ...] = (
    Setting("home", "~/.beatline", "folder", "where all state lives: database, key, media", Path),
    Setting("database_url", "", "URL", "database; empty means SQLite in the home folder", secret=True),
    Setting("key", "", "", "key that seals credentials; empty means the file `key` in the home folder", secret=True),
    Setting("host", "127.0.0.1", "address", "address that the app listens on"),
    Setting("port", "8501", "port", "port that the app listens on, 0 to 65535", _port),
    Setting("practice_port", "8765", "port", "port of the practice network, 0 to 65535", _port),
    Setting("practice_pace", "360", "ratio", "how much faster practice residents live than clocks run", _seconds),
    Setting("connect_timeout", "5", "seconds", "longest wait for a network to accept a connection", _seconds),
    Setting("read_timeout", "30", "seconds", "longest wait for a network's answer", _seconds),
    Setting("lease", "120", "seconds", "how long a worker may hold a claimed entry", _seconds),
    Setting("settle", "45", "seconds", "wait before an unknown outcome is looked up", _seconds),
    Setting("claim_batch", "64", "entries", "most entries that a worker claims at once, 1 or more", _count),
    Setting("in_flight", "8", "requests", "most requests that a worker has under way at once, 1 or more", _count),
    Setting("account_gap", "0", "seconds", "least time between two posts of one account; 0 for none", _not_negative),
    Setting("publish_every", "1", "seconds", "how often the worker looks for due posts", _seconds),
    Setting("collect_every", "15", "seconds", "how often the worker looks for replies and figures", _seconds),
    Setting(
        "reading_tier",
        "fast",
        "",
        "which analyser reads replies: fast, accurate or auto",
        _choice("fast", "accurate", "auto"),
    ),
    Setting("analyse_every", "5", "seconds", "how often new replies are read and figures brought up to date", _seconds),
    Setting(
        "reply_days", "90", "days", "how long residents' replies are kept after they were written, 1 or more", _count
    ),
    Setting("lead_days", "30", "days", "how long a lead is kept after it was handed off, 1 or more", _count),
    Setting(
        "evidence_days", "365", "days", "how long the copy of a hidden reply is kept after hiding, 1 or more", _count
    ),
    Setting(
        "post_days", "2557", "days", "how long posts with their approvals are kept after they ended, 1 or more", _count
    ),
    Setting("draft_days", "30", "days", "how long a draft is kept that nobody goes on with, 1 or more", _count),
    Setting("x_post_pence", "1.2", "pence", "what X charges for a post", _not_negative),
    Setting("x_link_post_pence", "16", "pence", "what X charges for a post with a link", _not_negative),
    Setting("x_read_pence", "0.4", "pence", "what X charges for reading a post", _not_negative),
    Setting(
        "x_own_read_pence", "0.08", "pence", "what X charges for reading a post of ours, or a mention", _not_negative
    ),
    Setting("x_other_pence", "0.8", "pence", "what X charges for other requests: a profile, a deletion", _not_negative),
    Setting(
        "x_query", "512", "characters", "longest search X takes: 512, or up to 4096 with an Enterprise plan", _query
    ),
    Setting("text_pence", "2.4", "pence", "what GOV.UK Notify charges for one part of a text message", _not_negative),
    Setting("smtp_host", "", "address", "mail server that takes the alarms; empty means that none are mailed"),
    Setting("smtp_port", "587", "port", "port of the mail server, 0 to 65535", _port),
    Setting(
        "smtp_security",
        "starttls",
        "",
        "starttls, tls, or none, which only this machine's own server is allowed",
        _choice("starttls", "tls", "none"),
    ),
    Setting("smtp_ca_file", "", "file", "certificates that the mail server's must rest on; empty means the system's"),
    Setting("smtp_user", "", "", "name to sign in to the mail server with; empty means not to sign in"),
    Setting("smtp_from", "", "address", "who the alarms come from"),
    Setting(
        "daily_note_at",
        "08:00",
        "UK time",
        "when the daily note of what waits goes out, for those who chose one",
        _time_of_day,
    ),
    Setting(
        "mail_connections", "8", "connections", "connections to the mail server that carry alerts, 1 or more", _count
    ),
    Setting(
        "imap_host",
        "",
        "address",
        "mail server with the letterbox of the alert service; empty means that it is not read",
    ),
    Setting("imap_port", "993", "port", "port of the letterbox's mail server, 0 to 65535", _port),
    Setting(
        "imap_security",
        "tls",
        "",
        "tls, starttls, or none, which only this machine's own server is allowed",
        _choice("tls", "starttls", "none"),
    ),
    Setting("imap_ca_file", "", "file", "certificates that this server's must rest on; empty means the system's"),
    Setting("imap_user", "", "", "name to sign in to the letterbox with"),
    Setting(
        "imap_sent_folder",
        "",
        "folder",
        "folder of the letterbox in which the mail server files what it took from Beatline; empty means that it does not",
    ),
    Setting(
        "imap_sent_wait",
        "600",
        "seconds",
        "wait before a message that is not in that folder counts as not taken",
        _seconds,
    ),
    Setting("metrics_host", "127.0.0.1", "address", "address that figures for Prometheus are given at"),
    Setting("metrics_port", "0", "port", "port that figures for Prometheus are given at; 0 means not at all", _port),
    Setting(
        "web_host", "127.0.0.1", "address", "address that `beatline web` listens on, for what the outside may reach"
    ),
    Setting("web_port", "8502", "port", "port that `beatline web` listens on, 0 to 65535", _port),
    Setting(
        "web_proxy_addresses",
        "",
        "",
        "trusted proxy before `beatline web`: its addresses or networks, parted by commas",
    ),
    Setting(
        "public_address",
        "",
        "URL",
        "how residents reach `beatline web`, such as https://alerts.example.org; without it no alert is sent",
        _web_address,
    ),
    Setting(
        "alert_tracking", "off", "", "on: count who opens an alert, by a picture; the privacy page says so", _switch
    ),
    Setting(
        "unconfirmed_days", "14", "days", "how long a sign-up waits to be confirmed by its address, 1 or more", _count
    ),
    Setting("left_days", "365", "days", "how long it is kept that a resident left, when and why, 1 or more", _count),
    Setting("message_days", "400", "days", "how long it is kept which resident was sent what, 1 or more", _count),
    Setting(
        "alerts_per_week",
        "7",
        "alerts",
        "most alerts that a resident is sent at once in seven days, urgent ones apart; 0 for no limit",
        _count_or_none,
    ),
    Setting(
        "alert_contact",
        "",
        "",
        "whom residents ask about what is kept of them, such as an e-mail address; the privacy page names it",
    ),
    Setting(
        "police_data_address",
        "https://data.police.uk/api",
        "URL",
        "where open data of police forces is read, when somebody asks for it",
        _address_with_path,
    ),
    Setting(
        "police_data_refresh",
        "off",
        "",
        "on: what was taken in from there is read anew once a day",
        _switch,
    ),
    Setting(
        "facebook_app_secret",
        "",
        "",
        "the Facebook app's secret, which its deliveries are signed with; empty means that none are taken",
        secret=True,
    ),
    Setting("webhook_token", "", "", "what Facebook has to say when it asks whether the address is ours", secret=True),
    Setting(
        "address",
        "",
        "URL",
        "how browsers reach the app, such as https://beatline.example.org; empty means host and port",
        _web_address,
    ),
    Setting("sign_in", "auto", "way", "auto, local, oidc or proxy; see docs/people.md", _way),
    Setting("session_hours", "12", "hours", "longest that a sign-in holds", _seconds),
    Setting("session_idle", "60", "minutes", "how long a sign-in holds that nobody uses", _seconds),
    Setting("link_hours", "24", "hours", "how long a one-time link can be used", _seconds),
    Setting("oidc_metadata_url", "", "URL", "OpenID Connect: the provider's openid-configuration"),
    Setting("oidc_client_id", "", "", "OpenID Connect: how the provider knows Beatline"),
    Setting("oidc_client_secret", "", "", "OpenID Connect: the secret that goes with it", secret=True),
    Setting("groups_claim", "groups", "", "OpenID Connect: the claim that names a person's groups"),
    Setting("group_roles", "", "", "group=role, parted by semicolons; empty means that people are added by hand"),
    Setting("proxy_addresses", "", "", "trusted proxy: its addresses or networks, parted by commas"),
    Setting(
        "proxy_email_header", "X-Forwarded-Email", "", "trusted proxy: the header with the person's e-mail address"
    ),
    Setting(
        "proxy_groups_header", "X-Forwarded-Groups", "", "trusted proxy: the header with the groups, parted by commas"
    ),
    Setting(
        "proxy_secret",
        "",
        "",
        "trusted proxy: what its header X-Beatline-Proxy has to say; empty asks for none",
        secret=True,
    ),
)
_BY_NAME = {setting.name: setting for setting in TABLE}


@dataclass(frozen=True)
class Settings:
    """The settings in force.  Secrets stay out of the repr; `source` says where each value came from."""

    home: Path
    database_url: str = field(repr=False)
    key: str = field(repr=False)
    host: str
    port: int
    practice_port: int
    practice_pace: float
    connect_timeout: float
    read_timeout: float
    lease: float
    settle: float
    claim_batch: int
    in_flight: int
    account_gap: float
    publish_every: float
    collect_every: float
    reading_tier: str
    analyse_every: float
    reply_days: int
    lead_days: int
    evidence_days: int
    post_days: int
    draft_days: int
    x_post_pence: float
    x_link_post_pence: float
    x_read_pence: float
    x_own_read_pence: float
    x_other_pence: float
    x_query: int
    text_pence: float
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_ca_file: str
    smtp_user: str
    smtp_from: str
    daily_note_at: time
    mail_connections: int
    imap_host: str
    imap_port: int
    imap_security: str
    imap_ca_file: str
    imap_user: str
    imap_sent_folder: str
    imap_sent_wait: float
    metrics_host: str
    metrics_port: int
    web_host: str
    web_port: int
    web_proxy_addresses: str
    public_address: str
    alert_tracking: bool
    unconfirmed_days: int
    left_days: int
    message_days: int
    alerts_per_week: int
    alert_contact: str
    police_data_address: str
    police_data_refresh: bool
    facebook_app_secret: str = field(repr=False)
    webhook_token: str = field(repr=False)
    address: str
    sign_in: str
    session_hours: float
    session_idle: float
    link_hours: float
    oidc_metadata_url: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    groups_claim: str
    group_roles: str
    proxy_addresses: str
    proxy_email_header: str
    proxy_groups_header: str
    proxy_secret: str = field(repr=False)
    content_types: Mapping[str, Any] = field(default_factory=dict, repr=False)
    source: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def media_folder(self) -> Path:
        return self.home / "media"


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings.  overrides: values that win over every source (command-line options); None is ignored.

    Raises InputError naming each setting that cannot be used and where it came from."""
    environment = os.environ if environment is None else environment
    home = overrides.get("home") or environment.get("BEATLINE_HOME") or _BY_NAME["home"].default
    home_path = Path(home).expanduser().absolute()
    from_file = _read_file(home_path / "beatline.toml")
    kinds = from_file.pop("content_types", {})  # read by scheduler.configured_kinds, which knows what they may say
    if not isinstance(kinds, dict):
        raise InputError("beatline.toml: 'content_types' is no table; see docs/content-types.md")
    values: dict[str, Any] = {}
    source: dict[str, str] = {}
    problems: list[str] = []
    for setting in TABLE:
        if overrides.get(setting.name) is not None:
            text, origin = str(overrides[setting.name]), "command line"
        elif environment.get(setting.variable):
            text, origin = environment[setting.variable], f"environment ({setting.variable})"
        elif setting.name in from_file:
            text, origin = str(from_file[setting.name]), "beatline.toml"
        else:
            text, origin = setting.default, "default"
        try:
            values[setting.name] = setting.parse(text)
        except ValueError:
            shown = "the value" if setting.secret else f"'{text}'"
            problems.append(
                f"{setting.name}: {shown} from {origin} cannot be used; give {setting.help} ({setting.unit})"
            )
        source[setting.name] = origin
    problems += [
        f"beatline.toml: '{name}' is no setting; see docs/configuration.md"
        for name in from_file
        if name not in _BY_NAME
    ]
    if "home" in from_file:
        problems.append("beatline.toml: 'home' is where this file lies; set it with BEATLINE_HOME or --home")
    if problems:
        raise InputError(*problems)
    values["home"], values["content_types"] = home_path, kinds
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{home_path / 'beatline.sqlite'}"
    assert {f.name for f in fields(Settings)} - {"source"} == set(values)
    return Settings(**values, source=source)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} in the home folder is not valid TOML: {error}. Mend it or move it away."
        ) from error

"""The practice network as one thing to start and stop: two networks and Notify, three accounts, one address on this machine."""

import asyncio
import json
import os
import random
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from social.clock import Clock, SystemClock
from social.errors import InputError
from social.practice import server
from social.practice.calls import Answer, Call
from social.practice.faults import Faults
from social.practice.graph_tokens import end_token, new_token
from social.practice.history import write_history
from social.practice.limits import Windows
from social.practice.notify import Notify
from social.practice.notify_callbacks import Callbacks
from social.practice.profiles import Telling
from social.practice.store import Store
from social.practice.switchboard import Switchboard
from social.practice.troubles import Troubles, Unrest
from social.practice.world import HANDLE, World, to_ms
from social.practice.x_tokens import XTokens
from social.settings import Settings

HOST = "127.0.0.1"
_CREDENTIALS = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "facebook": ("page_access_token",),
}


class PracticeNetwork:
    """Serves X API v2 under /2/, the Graph API under /vNN.N/ and GOV.UK Notify under /v2/, and keeps its state in `folder`.

    port: 0 takes any free one.  clock: may be shared and moved; the system's by default.  pace: how much faster the
    residents of posts sent from now on live.  seed, history_weeks: used once, when the folder is new.
    limit_scale: multiplies the request limits, for trials that send more than a force would.  refuses_repeats: False
    takes the same words as often as they come, so that a trial sees what was sent twice.  x_limits: other limits for
    some of `limits.X_LIMITS`, an app's as in 'create a day'.  unrest: what goes wrong by itself; see `troubles`.
    tells_profiles: put the writer's profile to every reply, asked for or not; see `profiles`.

        with PracticeNetwork(folder) as practice:
            requests.get(practice.base_url)"""

    def __init__(
        self, folder: Path, *, port: int = 0, clock: Clock | None = None, pace: float = 1.0, seed: int = 1,
        history_weeks: int = 12, limit_scale: float = 1.0, refuses_repeats: bool = True,
        x_limits: Mapping[str, int] | None = None, unrest: Unrest | None = None, tells_profiles: bool = False,
    ) -> None:  # fmt: skip
        if pace <= 0:
            raise InputError("The pace of the practice network must be above 0.")
        self._folder, self._port = folder, port
        self._clock = clock or SystemClock()
        self._pace, self._seed, self._weeks = pace, seed, history_weeks
        self._windows = Windows(limit_scale, x_limits or {})
        self._refuses_repeats = refuses_repeats
        self._tells_profiles = tells_profiles
        self.telling = Telling(frozenset())
        self.faults, self.troubles = Faults(), Troubles(unrest)
        self._world: World | None = None
        self._notify: Notify | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._address = ""

    handle = HANDLE

    @property
    def world(self) -> World:
        if self._world is None:
            raise RuntimeError("the practice network is not started")
        return self._world

    @property
    def base_url(self) -> str:
        """Where both networks answer, such as http://127.0.0.1:8765."""
        _ = self.world
        return self._address

    @property
    def page_id(self) -> str:
        return self.world.page_id

    @property
    def user_id(self) -> str:
        return self.world.user_id

    @property
    def admin_token(self) -> str:
        """Opens the switches under /practice/; also in the file `practice_token` of the folder."""
        return self.world.admin

    def credentials(self, channel: str) -> dict[str, str]:
        """What `accounts add` asks for, for x, facebook or alert."""
        if channel == "alert":
            return self.notify.credentials()
        return dict(self.world.credentials[channel])

    @property
    def notify(self) -> Notify:
        """GOV.UK Notify, under /v2/."""
        if self._notify is None:
            raise RuntimeError("the practice network is not started")
        return self._notify

    @property
    def callbacks(self) -> Callbacks:
        """Notify's deliveries to an address of ours."""
        return Callbacks(self.world, self.notify)

    @property
    def x_tokens(self) -> XTokens:
        """X's OAuth 2.0: credentials whose token ends, in place of those of `credentials("x")`."""
        return XTokens(self.world)

    def end_page_token(self) -> None:
        """The Page's token is taken no more, until a person makes a new one."""
        end_token(self.world)

    def new_page_token(self) -> dict[str, str]:
        """What a person does at Facebook; also written to facebook.json.  Returns the credentials."""
        made = new_token(self.world)
        write_credentials(self._folder, self.world)
        return made

    @property
    def asked(self) -> Counter[tuple[str, str]]:
        """Requests that came in so far, by network and purpose (one of `faults.ROUTES`), spoiled ones among them."""
        return Counter(self.world.asked)

    def sold_pence(self, settings: Settings) -> float:
        """What X would bill for what it handed out so far: each post once a day (UTC), at the price of the first
        request that brought it."""
        prices = {"listen": settings.x_read_pence, "own": settings.x_own_read_pence}
        return sum(prices[kind] for kind in list(self.world.sold.values()))

    def said(self) -> list[dict[str, Any]]:
        """Everything that residents ever said under what was sent in, in the words of this moment.

        Keys: platform_id, network, under and parent (platform ids), text, hidden, gone (nobody can see it any more),
        said_at (ISO 8601)."""
        return Switchboard(self.world, self.faults, self.notify).said()

    def truth(self) -> list[dict[str, Any]]:
        """What was really accepted, oldest first, deleted or not; the history is not among it.

        Keys: platform_id, network, text, link, alt_texts, reply_to, accepted_at (ISO 8601), deleted."""
        return Switchboard(self.world, self.faults, self.notify).truth()

    def start(self) -> "PracticeNetwork":
        """Open the folder, take the port and serve in a thread.  Raises InputError when the port is taken."""
        self._open()
        config = self._config()
        self._server = uvicorn.Server(config)
        assert self._socket is not None
        serving = self._server.serve(sockets=[self._socket])
        self._thread = threading.Thread(target=asyncio.run, args=(serving,), name="practice-network", daemon=True)
        self._thread.start()
        ready = threading.Event()
        while not self._server.started and self._thread.is_alive():
            ready.wait(0.005)
        return self

    def stop(self) -> None:
        """Stop serving and close the folder; safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
        self._close()

    def __enter__(self) -> "PracticeNetwork":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _open(self) -> None:
        # With the protocol named, asyncio turns Nagle's delay off; without, every answer waits 40 ms for an ACK.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((HOST, self._port))
        except OSError as error:
            self._socket.close()
            self._socket = None
            raise InputError(
                f"Port {self._port} is taken. Stop what uses it, or set BEATLINE_PRACTICE_PORT to another."
            ) from error
        self._address = f"http://{HOST}:{self._socket.getsockname()[1]}"
        world = _open_world(Store(self._folder), self._clock, self._pace, self._seed, self._weeks, self._windows)
        self._world = replace(world, refuses_repeats=self._refuses_repeats, troubles=self.troubles)
        self._notify = Notify(self._world)
        write_credentials(self._folder, self._world)

    def _close(self) -> None:
        if self._world is not None:
            self._world.store.close()
        if self._socket is not None:
            self._socket.close()
        self._world = self._server = self._thread = self._socket = self._notify = None

    def _config(self) -> uvicorn.Config:
        board = Switchboard(self.world, self.faults, self.notify)
        respond: Callable[[Call], Answer] = board.respond
        if self._tells_profiles:
            self.telling = Telling(frozenset({self.user_id, self.page_id}))
            respond = self.telling.around(respond)
        application = server.make_application(respond, board.take_fault, board.spoiled)
        return uvicorn.Config(
            application, http=server.ReachableProtocol, ws="none", lifespan="off", log_level="critical",
            log_config=None,
            access_log=False, loop="asyncio", timeout_graceful_shutdown=1, server_header=False,
        )  # fmt: skip


def _open_world(store: Store, clock: Clock, pace: float, seed: int, weeks: int, windows: Windows) -> World:
    now = clock.now()
    with store.writing():
        new = store.get("created_ms") is None
        rng = random.Random(f"ids/{seed}")  # noqa: S311  (ids are no secret)
        user_id = store.get_or_make("user_id", str(rng.randrange(10**18, 2 * 10**18)))
        page_id = store.get_or_make("page_id", str(rng.randrange(10**14, 2 * 10**14)))
        created = int(store.get_or_make("created_ms", str(to_ms(now))))
        credentials = {
            channel: {name: store.secret(f"{channel}.{name}") for name in names}
            for channel, names in _CREDENTIALS.items()
        }
        admin = store.secret("admin")
        if new:
            write_history(store, page_id, anchor=now, weeks=weeks, seed=seed)
    return World(store, clock, pace, windows, user_id, page_id, credentials, admin, created)


def write_credentials(folder: Path, world: World) -> None:
    """x.json, x-oauth2.json, facebook.json, alert.json and practice_token, readable by their owner alone."""
    renewed = {"x-oauth2": XTokens(world).credentials(), "alert": Notify(world).credentials()}
    for channel, values in {**world.credentials, **renewed}.items():
        _write_private(folder / f"{channel}.json", json.dumps(values, indent=2) + "\n")
    _write_private(folder / "practice_token", world.admin + "\n")


def _write_private(path: Path, text: str) -> None:
    # Made closed, not closed afterwards: there is no moment at which others could read it.
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def run_practice(
    folder: Path, port: int, pace: float, seed: int = 1, *, ready: Callable[[PracticeNetwork], None] | None = None
) -> None:
    """Serve in the foreground until SIGTERM or SIGINT.  ready: called once the address and the folder are open.

    Credentials are written to x.json, facebook.json and alert.json in the folder.  Raises InputError when the port is taken."""
    network = PracticeNetwork(folder, port=port, pace=pace, seed=seed)
    network.start()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        if ready is not None:
            ready(network)
        stop.wait()
    finally:
        network.stop()

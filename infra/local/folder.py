"""The folder of a set of servers: their data, their logs, and `servers.json`, which has the addresses and the secrets."""

import contextlib
import fcntl
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from failure import Failure
from object_stores import BUCKETS, Minio, Seaweed
from postgres_server import Postgres

LOCK = ".lock"
ENDING = "ending"
# One that was killed takes a moment to notice, and then as long as its servers take to stop.
BUSY_SECONDS = 3
ENDING_SECONDS = 30
KINDS = {kind.name: kind for kind in (Minio, Postgres, Seaweed)}


@contextlib.contextmanager
def alone(path):
    """One process at a time starts and stops the servers of a folder; the lock, which this gives, ends with the process."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path / LOCK, "a+") as lock:
        _wait_for(lock, path)
        lock.truncate(0)
        yield lock


def ending(path):
    """Tells those that wait for the folder that it is worth it."""
    (path / LOCK).write_text(ENDING)


def _wait_for(lock, path):
    begun = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            patience = ENDING_SECONDS if (path / LOCK).read_text() == ENDING else BUSY_SECONDS
            if time.monotonic() > begun + patience:
                raise Failure(
                    f"another process is at work on the servers of {path}: wait for it, or choose another folder"
                ) from error
        if not told:
            print(f"waiting for the process that is at work on the servers of {path}", file=sys.stderr, flush=True)
            told = True
        time.sleep(0.1)


class ServerFolder:
    def __init__(self, path, throwaway=False):
        self.path = path
        self.throwaway = throwaway
        self.state_file = path / "servers.json"
        self._writing = threading.Lock()
        self.state = json.loads(self.state_file.read_text()) if self.state_file.exists() else {}
        self.state.setdefault("buckets", {name: name for name in BUCKETS})
        self.servers = {name: self._server(name) for name in KINDS if name in self.state}

    def add(self, name):
        if name not in self.servers:
            self.state[name] = {}
            self.servers[name] = self._server(name)
        return self.servers[name]

    def start(self, names):
        """Starts all at once, and returns when each one answers and has its roles."""
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(self._start, self.add(name)) for name in names]:
                done.result()
        self.keep()

    def stop(self):
        """Stops all at once. Returns the names of those that had to be killed."""
        if not self.servers:
            return []
        with ThreadPoolExecutor() as pool:
            asked = {name: pool.submit(server.stop) for name, server in self.servers.items()}
        return [name for name, done in asked.items() if not done.result()]

    def keep(self):
        """Writes the state, whole or not at all, readable by its owner only."""
        with self._writing:
            aside = self.state_file.with_suffix(".new")
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(self.state, file, indent=2)
            aside.replace(self.state_file)

    def _server(self, name):
        return KINDS[name](self.path, self.state[name], self.throwaway)

    def _start(self, server):
        server.prepare()
        if not server.running():
            server.launch(self.keep)
        server.wait_until_it_answers()
        server.provision()

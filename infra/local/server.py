"""What the servers have in common: a folder, ports of their own, a log, and how they are started and ended."""

import os
import secrets
import signal
import time
import urllib.error
import urllib.request

import ports
from failure import Failure
from processes import Running

START_SECONDS = 60
STOP_SECONDS = 20


class Server:
    """One server in its own folder. What must outlive it (ports, secrets) is in `state`, which the caller keeps.

    `throwaway` says that nobody needs the data after the machine has crashed.
    """

    name = ""
    port_names = ("port",)
    polite = signal.SIGTERM

    def __init__(self, folder, state, throwaway=False):
        self.folder = folder / self.name
        self.log = folder / f"{self.name}.log"
        self.state = state
        self.throwaway = throwaway
        process = state.get("process")
        self.process = Running(process["pid"], process["started"]) if process else None

    def prepare(self):
        """Fetches the program and makes ports, secrets and data where there are none yet."""
        raise NotImplementedError

    def command(self):
        """The command line and the environment beyond the bare one. Secrets may be in the latter only."""
        raise NotImplementedError

    def answers(self):
        """Whether it does what it is for, not just listens."""
        raise NotImplementedError

    def provision(self):
        """Makes buckets, databases, roles and users; may be repeated."""

    def user(self):
        """The system's user to run as, where it is not this process's own."""
        return None

    def remove_leftovers(self):
        """Removes what an ended server leaves outside of its folder."""

    def choose_ports(self):
        self.state.update(ports.of_folder(self.folder.parent, {name: self.state.get(name) for name in self.port_names}))

    def running(self):
        return self.process is not None and self.process.alive()

    def launch(self, keep_state=lambda: None):
        """Starts the process; `keep_state` is called at once, so that it is found again whatever happens next."""
        command, additions = self.command()
        environment = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
        environment.update(HOME=str(self.folder), **additions)
        self.process = Running.launch(command, environment, self.folder, self.log, self.user())
        self.state["process"] = {"pid": self.process.pid, "started": self.process.mark}
        keep_state()

    def wait_until_it_answers(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            if not self.running():
                raise Failure(f"{self.name} ended while it started; its log {self.log} says:\n{self.last_lines()}")
            try:
                if self.answers():
                    return
            except (OSError, urllib.error.URLError):
                pass
            if time.monotonic() > deadline:
                self.stop()
                raise Failure(f"{self.name} did not answer within {START_SECONDS} s; its log {self.log} says:\n{self.last_lines()}")
            time.sleep(0.05)

    def stop(self):
        """Returns whether it ended when it was asked to, rather than killed."""
        if not self.running():
            return True
        obeyed = self.process.stop(self.polite, STOP_SECONDS)
        self.remove_leftovers()
        return obeyed

    def kill(self):
        if self.running():
            self.process.kill()
            self.remove_leftovers()

    def last_lines(self):
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        except OSError as error:
            return str(error)


def new_secret():
    """Of letters, digits, - and _ only: it fits into a URL and a shell script as it is."""
    return secrets.token_urlsafe(24)


def answers_ok(url):
    # No proxy of the environment is in between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=2) as answer:
        return answer.status == 200

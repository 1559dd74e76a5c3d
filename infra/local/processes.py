"""Server processes: started apart from the terminal, recognised again later, ended and frozen with all their children."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LINUX = sys.platform.startswith("linux")


@dataclass(frozen=True)
class Running:
    """A process. The mark of its start tells it from a later one with the same number; None if it had ended by then."""

    pid: int
    mark: str

    @staticmethod
    def launch(command, environment, folder, log, user=None):
        """Starts a process in a session of its own, so that an interrupted terminal does not end it."""
        with open(log, "ab") as output:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **({"user": user, "extra_groups": []} if user else {}),
            )
        mark = _mark(process.pid)
        # It may outlive this process, which is no reason to warn.
        process.returncode = 0
        return Running(process.pid, mark)

    def alive(self):
        try:
            # An own child stays, as a zombie at last, until it is asked for; its threads may take longer than its first one.
            return os.waitpid(self.pid, os.WNOHANG)[0] == 0
        except ChildProcessError:
            return self.mark is not None and _mark(self.pid) == self.mark

    def stop(self, polite, seconds):
        """Asks by the given signal, and kills when it has not ended in time. Returns whether asking was enough."""
        if not self.alive():
            return True
        self.resume()
        self._send(self.pid, polite)
        if self._ended_within(seconds):
            return True
        self.kill()
        return False

    def kill(self):
        """Ends it and its children at once, by SIGKILL, and waits until they are gone."""
        if not self.alive():
            return
        # A frozen process makes no new children between the look and the kill.
        self._send(self.pid, signal.SIGSTOP)
        children = [Running(pid, _mark(pid)) for pid in _descendants(self.pid)]
        for pid in [self.pid] + [child.pid for child in children]:
            self._send(pid, signal.SIGKILL)
        for process in [self] + children:
            process._ended_within(10)

    def pause(self):
        self._send(self.pid, signal.SIGSTOP)
        for pid in _descendants(self.pid):
            self._send(pid, signal.SIGSTOP)

    def resume(self):
        for pid in _descendants(self.pid):
            self._send(pid, signal.SIGCONT)
        self._send(self.pid, signal.SIGCONT)

    def _ended_within(self, seconds):
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    @staticmethod
    def _send(pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def _mark(pid):
    """What no two processes with the same number share; None when there is none, or only a zombie."""
    if LINUX:
        try:
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
            fields = _stat(pid)
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"
    listed = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=False)
    state, _, started = listed.stdout.strip().partition(" ")
    return started.strip() if started and not state.startswith("Z") else None


def _descendants(pid):
    parents = {}
    if LINUX:
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    parents[int(entry)] = int(_stat(int(entry))[1])
                except OSError:
                    pass
    else:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True, check=False)
        parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.stdout.splitlines())}
    found, wanted = [], {pid}
    while wanted:
        wanted = {child for child, parent in parents.items() if parent in wanted}
        found += wanted
    return found


def _stat(pid):
    """The fields of /proc/PID/stat from the state on; the name before them may hold blanks and parentheses."""
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()

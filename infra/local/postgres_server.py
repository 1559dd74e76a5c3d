"""PostgreSQL: scram-sha-256 only, loopback only, no unix socket; as root too."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import binaries
import postgres_client
from failure import Failure
from ports import HOST
from server import Server, new_secret

ROLES = Path(__file__).resolve().parent.parent / "roles"
DATABASE = "lake"
# Ingester and cleaner log in as their roles; analysts are members of theirs. See roles.sql.
USERS = {"ingester": "millrace_ingester", "cleaner": "millrace_cleaner", "analyst": "analyst"}


class Postgres(Server):
    name = "postgres"
    # Ends the sessions and shuts down in order.
    polite = signal.SIGINT

    def prepare(self):
        self.binaries = binaries.postgres(self.state.setdefault("binaries", binaries.postgres_choice()))
        self._choose_identity()
        self.choose_ports()
        self.state.setdefault("host", HOST)
        self.state.setdefault("database", DATABASE)
        self.state.setdefault("admin", {"user": "postgres", "password": new_secret()})
        self.folder.mkdir(exist_ok=True)
        if self._user:
            shutil.chown(self.folder, self._user)
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._initialise()

    def command(self):
        settings = {
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "port": self.state["port"],
            "max_connections": 200,
        }
        if self.throwaway:
            # synchronous_commit stays on: a killed server must not forget what it has acknowledged.
            settings.update(fsync="off", full_page_writes="off")
            # In the folder, so that a killed server leaves nothing elsewhere.
            settings.update(dynamic_shared_memory_type="mmap")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*self._prefix, str(self.binaries / "postgres"), "-D", str(self.folder / "data"), *options], {}

    def answers(self):
        self.execute("SELECT 1")
        return True

    def execute(self, sql, database="postgres"):
        admin = self.state["admin"]
        postgres_client.execute(HOST, self.state["port"], admin["user"], admin["password"], database, sql)

    def provision(self):
        users = self.state.setdefault("roles", {})
        for role, user in USERS.items():
            users.setdefault(role, {"user": user, "password": new_secret()})
        self.add_database(self.state["database"])
        self.execute(
            """
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
                    CREATE USER analyst IN ROLE millrace_analyst;
                END IF;
            END $$;
            """
        )
        for login in users.values():
            self.execute(f"ALTER ROLE {login['user']} LOGIN PASSWORD '{postgres_client.verifier(login['password'])}'")

    def add_database(self, name):
        """Makes the database where it is not there yet, and gives the roles what they need in it."""
        if not name.isidentifier() or not name.islower() or not name.isascii():
            raise Failure(f"'{name}' cannot be the name of a database: lower-case letters, digits and _ can")
        try:
            self.execute(f"CREATE DATABASE {name}")
        except Failure as failure:
            if "42P04" not in str(failure):
                raise
        self.execute((ROLES / "roles.sql").read_text(), name)

    def user(self):
        return self._user

    def remove_leftovers(self):
        """A killed PostgreSQL leaves a small System V segment, by which a next one sees that it is gone."""
        try:
            segment = (self.folder / "data" / "postmaster.pid").read_text().splitlines()[6].split()[1]
        except (OSError, IndexError):
            return
        if shutil.which("ipcrm"):
            subprocess.run(["ipcrm", "-m", segment], stderr=subprocess.DEVNULL, check=False)

    def _choose_identity(self):
        """PostgreSQL refuses to run as root. In a user namespace of its own it does not see that it does."""
        self._prefix, self._user = [], None
        if os.geteuid() != 0:
            return
        unshare = shutil.which("unshare")
        if unshare and subprocess.run([unshare, "-U", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            self._prefix = [unshare, "-U"]
            return
        names = {entry.pw_name for entry in pwd.getpwall()}
        self._user = "postgres" if "postgres" in names else "nobody"
        # The user has to get to the folder, and to nothing else in it: the files beside it are for their owner only.
        self.folder.parent.chmod(0o711)

    def _initialise(self):
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.state["admin"]["password"])
        if self._user:
            shutil.chown(password, self._user)
        options = ["-D", str(self.folder / "data"), "-U", self.state["admin"]["user"], f"--pwfile={password}"]
        options += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"] + (["--no-sync"] if self.throwaway else [])
        try:
            done = subprocess.run(
                [*self._prefix, str(self.binaries / "initdb"), *options],
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **({"user": self._user, "extra_groups": []} if self._user else {}),
            )
            complaint = None if done.returncode == 0 else done.stdout.strip() or f"initdb ended with {done.returncode}"
        except OSError as error:
            complaint = str(error)
        finally:
            password.unlink()
        if complaint:
            # A half-made folder would be taken for a whole one.
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            hint = f" as user {self._user}, who must be able to enter {self.folder} and {self.binaries}" if self._user else ""
            raise Failure(f"PostgreSQL's data could not be made{hint}:\n{complaint}")

"""MinIO, and SeaweedFS as a second S3 server for tests."""

import json
import os
import re
import subprocess
from pathlib import Path

import binaries
from failure import Failure
from ports import HOST
from server import Server, answers_ok, new_secret

ROLES = Path(__file__).resolve().parent.parent / "roles"
BUCKETS = ("staging", "lake")


class Minio(Server):
    name = "minio"

    def prepare(self):
        self.program = binaries.minio()
        self.mc = binaries.mc()
        self.folder.mkdir(exist_ok=True)
        self.choose_ports()
        self.state.setdefault("region", "us-east-1")
        self.state.setdefault("admin", {"accessKey": "admin", "secretKey": new_secret()})
        self.state["endpoint"] = f"http://{HOST}:{self.state['port']}"

    def command(self):
        address = f"{HOST}:{self.state['port']}"
        certificates = str(self.folder / "certificates")
        arguments = ["server", "--quiet", "--address", address, "--certs-dir", certificates, str(self.folder / "data")]
        admin = self.state["admin"]
        return [str(self.program), *arguments], {
            **self._notification_targets(),
            "MINIO_ROOT_USER": admin["accessKey"],
            "MINIO_ROOT_PASSWORD": admin["secretKey"],
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
        }

    def answers(self):
        return answers_ok(self.state["endpoint"] + "/minio/health/ready")

    @staticmethod
    def _notification_targets():
        """Where MinIO may send events to: MinIO's own variables, taken over from this process."""
        return {name: value for name, value in os.environ.items() if name.startswith("MINIO_NOTIFY_")}

    def send_events(self, bucket):
        """Has each new Parquet object of a bucket told to the webhooks that the environment names."""
        enable = "MINIO_NOTIFY_WEBHOOK_ENABLE_"
        targets = [name[len(enable) :] for name in self._notification_targets() if name.startswith(enable)]
        if not targets:
            raise Failure(f"no webhook to send events to: none of MinIO's variables {enable}NAME is set")
        for target in targets:
            arn = f"arn:minio:sqs::{target}:webhook"
            event = [str(self.mc), "--config-dir", "mc", "event", "add", f"millrace/{bucket}", arn, "--event", "put", "--suffix", ".parquet"]
            _with_mc(self, [*event, "--ignore-existing"])

    def provision(self):
        roles = self.state.setdefault("roles", {})
        for role in ("ingester", "cleaner", "analyst"):
            roles.setdefault(role, {"accessKey": role, "secretKey": new_secret()})
        self._apply({f"{role.upper()}_SECRET": keys["secretKey"] for role, keys in roles.items()}, self.state.get("producers", {}))

    def add_producer(self, dataset):
        """Makes the user that stages files of this dataset, and returns its keys."""
        if not re.fullmatch(r"[a-z][a-z0-9_.]{2,126}", dataset):
            raise Failure(f"'{dataset}' cannot be the name of a producer's user: a dataset's name of three characters or more can")
        producers = self.state.setdefault("producers", {})
        if dataset not in producers:
            keys = {"accessKey": dataset, "secretKey": new_secret()}
            self._apply({}, {dataset: keys})
            producers[dataset] = keys
        return producers[dataset]

    def _apply(self, secrets, producers):
        users = " ".join(f"{name}={keys['secretKey']}" for name, keys in producers.items())
        _with_mc(self, ["sh", str(ROLES / "apply-minio")], dict(secrets, PRODUCERS=users, MC=str(self.mc)))


class Seaweed(Server):
    name = "seaweedfs"
    port_names = ("port", "grpc", "master", "masterGrpc", "volume", "volumeGrpc", "filer", "filerGrpc")

    def prepare(self):
        self.program = binaries.weed()
        self.mc = binaries.mc()
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        self.choose_ports()
        self.state.setdefault("region", "us-east-1")
        self.state.setdefault("admin", {"accessKey": "admin", "secretKey": new_secret()})
        self.state["endpoint"] = f"http://{HOST}:{self.state['port']}"
        admin = self.state["admin"]
        identity = {"name": "admin", "credentials": [admin], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        identities = self.folder / "identities.json"
        identities.touch(mode=0o600)
        identities.write_text(json.dumps({"identities": [identity]}))

    def command(self):
        state = self.state
        options = {
            "ip": HOST,
            "ip.bind": HOST,
            "dir": "data",
            "master.port": state["master"],
            "master.port.grpc": state["masterGrpc"],
            "master.telemetry": "false",
            "master.electionTimeout": "1s",
            "master.heartbeatInterval": "100ms",
            "master.volumeSizeLimitMB": 256,
            "volume.port": state["volume"],
            "volume.port.grpc": state["volumeGrpc"],
            "volume.max": 200,
            "volume.preStopSeconds": 0,
            "filer": "true",
            "filer.port": state["filer"],
            "filer.port.grpc": state["filerGrpc"],
            # Relative to the server's folder: the path of a socket has about a hundred characters at most.
            "filer.localSocket": "filer.sock",
            "s3": "true",
            "s3.port": state["port"],
            "s3.port.grpc": state["grpc"],
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.localSocket": "s3.sock",
            "s3.config": "identities.json",
        }
        return [str(self.program), "-logtostderr=true", "server", *(f"-{key}={value}" for key, value in options.items())], {}

    def answers(self):
        # The master hands out a file id as soon as there is a volume server that takes data.
        return answers_ok(self.state["endpoint"] + "/healthz") and answers_ok(f"http://{HOST}:{self.state['master']}/dir/assign")

    def stop(self):
        """Asked to end, it waits 15 seconds for connections of its own; for data that is thrown away, not even that."""
        if self.throwaway:
            self.kill()
            return True
        return super().stop()

    def remove_leftovers(self):
        for name, port in {"s3": "grpc", "master": "masterGrpc", "volume": "volumeGrpc", "filer": "filerGrpc"}.items():
            Path(f"/tmp/seaweedfs-{name}-grpc-{self.state[port]}.sock").unlink(missing_ok=True)

    def provision(self):
        _with_mc(self, [str(self.mc), "--config-dir", "mc", "mb", "--ignore-existing", *(f"millrace/{name}" for name in BUCKETS)])


def _with_mc(server, command, additions=None):
    """Runs a command that finds the server as mc's alias `millrace`, by the environment: no secret is an argument."""
    admin = server.state["admin"]
    scheme, address = server.state["endpoint"].split("://")
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(server.folder)}
    environment["MC_HOST_millrace"] = f"{scheme}://{admin['accessKey']}:{admin['secretKey']}@{address}"
    environment.update(additions or {})
    done = subprocess.run(
        command,
        cwd=server.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"{server.name} could not be set up: {done.stdout.strip()}")

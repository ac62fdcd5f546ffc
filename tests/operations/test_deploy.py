"""What stands in deploy/ is what the programs that read it take, and gives no more away than it says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml

from tests.proxies import DEPLOY, nginx, program

ROOT = Path(__file__).parents[2]
UNIT = (DEPLOY / "reformbot.service").read_text(encoding="utf-8")
STEPS = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def passes(*command: str, **environment: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nginx_takes_its_part(tmp_path: Path) -> None:
    passes(*nginx(tmp_path, 8443, (8081, 8082, 8083)).command, "-t")


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    named = {"BOT_HOST": "bot.example.org", "BOT_UPSTREAMS": "127.0.0.1:8081 127.0.0.1:8082"}
    named |= {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    passes(program("caddy"), "validate", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile", **named)


def test_prometheus_takes_the_alarms() -> None:
    passes(program("promtool"), "check", "rules", str(DEPLOY / "alerts.yaml"))


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With a program that is there, for the bot that is not."""
    unit = tmp_path / "reformbot.service"
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT), encoding="utf-8")
    passes(program("systemd-analyze"), "verify", "--man=no", str(unit))


def test_an_image_is_made_of_locked_versions_alone() -> None:
    installs = [part for step in STEPS for part in step.split("&&") if "pip install" in part]
    assert len(installs) == 2
    assert all("--no-deps" in part for part in installs)
    [locked, ours] = installs
    assert "--require-hashes" in locked
    assert ours.split()[-1] == "."
    assert [step for step in STEPS if step.startswith("FROM")] == ["FROM ${PYTHON} AS built", "FROM ${PYTHON}"]


def test_nothing_of_a_machine_goes_to_the_builder_of_an_image() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        word.rstrip("/")
        for step in STEPS
        if step.startswith("COPY ") and "--from" not in step
        for word in step.split()[1:-1]
    }
    assert copied == let_in
    assert {"**/.env*", "**/.state"} <= set(rules)


def test_what_runs_in_a_container_may_change_nothing_but_its_state() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    ours = [one for one in services.values() if "build" in one]
    assert len(ours) == 4
    for one in ours:
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert [volume.partition(":")[2] for volume in one["volumes"]] == ["/state"]


def test_probes_ask_at_ports_that_are_there() -> None:
    parts = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))
    [container] = parts[0]["spec"]["template"]["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert {probe["port"] for probe in probes} <= ports
    assert [probe["path"] for probe in probes] == ["/health", "/health", "/ready"]
    assert container["securityContext"]["readOnlyRootFilesystem"]

"""A block as commands of three firewalls, printed exactly as they would be run."""

from __future__ import annotations

import pytest

from faults.errors import FirewallError
from faults.firewall import netsh, nftables, pf
from faults.firewall.block import Block, ports_of

LINKS = {"client-to-api": 4300, "api-to-worker": 4100, "worker-to-api": 4200}


def block(**changes: object) -> Block:
    given: dict[str, object] = {"serves": (4100,), "calls": (4200,), "seconds": 30, **changes}
    return Block("worker", **given)  # type: ignore[arg-type] # a test names what it changes


def test_nftables_makes_a_table_of_its_own_that_times_out() -> None:
    (command,) = nftables.block_commands(block())
    assert command.argv == ("nft", "-f", "-")
    assert "table inet partition_lab_worker" in command.stdin
    assert "4100 timeout 30000ms" in command.stdin
    assert "tcp dport @served counter drop" in command.stdin
    (undo,) = nftables.unblock_commands("worker")
    assert undo.argv == ("nft", "delete", "table", "inet", "partition_lab_worker")


def test_nftables_loses_a_share_and_rejects() -> None:
    (lossy,) = nftables.block_commands(block(loss=0.3))
    assert "numgen random mod 10000 < 3000" in lossy.stdin
    (rejecting,) = nftables.block_commands(block(reject=True))
    assert "reject with tcp reset" in rejecting.stdin


@pytest.mark.parametrize(("direction", "hooks"), [("in", {"input"}), ("out", {"output"})])
def test_one_direction_is_one_chain(direction: str, hooks: set[str]) -> None:
    (command,) = nftables.block_commands(block(direction=direction))
    assert {hook for hook in ("input", "output") if f"hook {hook}" in command.stdin} == hooks


def test_netsh_names_rules_of_its_own() -> None:
    commands = netsh.block_commands(block())
    assert commands
    for command in (*commands, *netsh.unblock_commands("worker")):
        assert command.argv[:3] == ("netsh", "advfirewall", "firewall")
        assert "name=Partition Lab worker" in command.argv
    assert any("4100" in word for command in commands for word in command.argv)


def test_netsh_can_lose_nothing_but_all() -> None:
    with pytest.raises(FirewallError):
        netsh.block_commands(block(loss=0.3))


def test_pf_uses_an_anchor_of_its_own() -> None:
    commands = " ".join(each.shown() for each in pf.block_commands(block(loss=0.3)))
    assert "partition_lab_worker" in commands
    assert "4100" in commands
    assert "probability" in commands
    assert pf.unblock_commands("worker")


def test_the_ports_are_those_of_the_links_and_no_others() -> None:
    assert ports_of("worker", links=LINKS) == ((4100,), (4200,))
    assert ports_of("api", links=LINKS) == ((4300, 4200), (4100,))
    assert ports_of("api-to-worker", links=LINKS) == ((4100,), ())
    with pytest.raises(FirewallError):
        ports_of("moon", links=LINKS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": 0},
        {"loss": 1.1},
        {"seconds": 0},
        {"seconds": 1e6},
        {"serves": (), "calls": ()},
        {"serves": (0,)},
        {"calls": (70_000,)},
    ],
)
def test_what_is_out_of_bounds_makes_no_command(wrong: dict[str, object]) -> None:
    with pytest.raises(FirewallError):
        block(**wrong)


def test_a_name_can_smuggle_nothing_into_a_command() -> None:
    with pytest.raises(FirewallError):
        Block("x; flush ruleset", serves=(1,), calls=())

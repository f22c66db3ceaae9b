"""Ports: defaults, stickiness, refusals that name the holder."""

import os
import socket
import unittest

from plumbline import port as ports
from plumbline.errors import LauncherError

from .fakes import TemporaryFolder


def listener() -> socket.socket:
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen()
    return made


class PortTest(TemporaryFolder):
    def test_port_in_use_names_port_part_process_and_another_port(self):
        with listener() as taken:
            number = taken.getsockname()[1]
            made = self.installation({"PLUMBLINE_PORT": str(number)})
            with self.assertRaises(LauncherError) as refused:
                made.claim_port("application")
        self.assertIn(f"Port {number}", refused.exception.what)
        self.assertIn("application", refused.exception.what)
        if os.path.exists("/proc/net/tcp"):
            self.assertIn(f"(pid {os.getpid()})", refused.exception.what)
        self.assertIn("./plumbline up --port ", refused.exception.remedy)
        self.assertIn("PLUMBLINE_PORT", refused.exception.remedy)

    def test_chosen_port_is_kept_for_the_next_start(self):
        free = ports.find_free()
        self.installation({"PLUMBLINE_KAFKA_PORT": str(free)}).claim_port("kafka")
        self.assertEqual(self.installation().port("kafka"), free)

    def test_default_instance_takes_the_documented_ports(self):
        made = self.installation()
        taken = {part: made.port(part) for part in ("application", "keycloak", "postgres", "kafka")}
        self.assertEqual(taken, {"application": 8080, "keycloak": 8180, "postgres": 5433, "kafka": 9094})

    def test_named_instance_moves_away_from_a_port_taken_meanwhile(self):
        made = self.installation(name="other")
        first = made.claim_port("postgres")
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", first))
            taken.listen()
            self.assertNotEqual(made.claim_port("postgres"), first)

    def test_two_parts_never_share_a_free_port(self):
        made = self.installation(name="other")
        numbers = [made.port(part) for part in ("application", "keycloak", "postgres", "kafka", "kafka-controller")]
        self.assertEqual(len(set(numbers)), 5)

    def test_damaged_ports_file_counts_as_none(self):
        made = self.installation()
        (made.instance.run / "ports.json").write_text("[", encoding="utf-8")
        self.assertEqual(self.installation().port("kafka"), 9094)


if __name__ == "__main__":
    unittest.main()

"""Sockets: only the granted end is reached, whatever way the attacker asks for another."""
import os
import secrets
import socket

from attackers import BULKHEAD, LEVELS, AttackTest, attempts
from needs import main, needs_kernel

# What this machine's kernel may lack, and what asks for no more than an answer.
CHANCE = {"ciphers", "host_vsock", "multipath", "ring", "raw_packets", "link_packets", "fast_open", "fast_open_later",
          "listens_after", "broken_lengths", "race_of_ports"}


class Egress(AttackTest):
    def setUp(self):
        super().setUp()
        needs_kernel(self, BULKHEAD)
        self.name = "bulkhead-" + secrets.token_hex(8)
        self.granted = self.server("127.0.0.1")
        self.other = self.server("127.0.0.1")
        self.far = self.server("127.9.9.9", self.port(self.other))
        self.outside = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.outside.close)
        self.outside.bind("\0" + self.name)
        self.outside.listen(8)
        self.outside.setblocking(False)

    def server(self, address, port=0):
        made = socket.create_server((address, port), backlog=1024)
        made.setblocking(False)
        self.addCleanup(made.close)
        return made

    @staticmethod
    def port(server):
        return server.getsockname()[1]

    @staticmethod
    def arrived(server):
        count = 0
        while True:
            try:
                server.accept()[0].close()
                count += 1
            except BlockingIOError:
                return count

    def words(self):
        return [str(self.port(self.granted)), str(self.port(self.other)), self.name]

    def nothing_arrives(self, more):
        bare = attempts(self.bare("net", *self.words()).stdout)
        self.assertEqual({name for name, how in bare.items() if how != "worked"} - CHANCE, set())
        self.assertGreater(self.arrived(self.other), 5)
        for server in (self.far, self.outside):
            self.assertGreater(self.arrived(server), 0)
        for level in LEVELS:
            with self.subTest(level=level):
                done = self.confined(self.policy(level, more, self.port(self.granted)), "net", *self.words())
                self.expect_failures(done, bare)
                for server in (self.other, self.far, self.outside):
                    self.assertEqual(self.arrived(server), 0, done.stdout)

    def test_one_granted_port(self):
        self.nothing_arrives("may connect Granted;")

    def test_everything_but_loopback(self):
        self.nothing_arrives("may connect Everywhere;\n    never connect Loopback;")

    def test_a_granted_port_is_reached(self):
        both = [self.words()[0], self.words()[0], self.name]
        for level in LEVELS:
            with self.subTest(level=level):
                done = self.confined(self.policy(level, "may connect Granted;", self.port(self.granted)), "net", *both)
                found = attempts(done.stdout)
                for name in ("plain", "mapped", "unspecified", "non_blocking"):
                    self.assertEqual(found.get(name), "worked", done.stdout + done.stderr)
                self.assertGreater(self.arrived(self.granted), 3)


if __name__ == "__main__":
    main()

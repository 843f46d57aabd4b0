"""query: paths whose end is the network or the host."""
import json

from cli import CliTest
from needs import main


class Ends(CliTest):
    """Of paths: the network is a node of the influence graph, and `host` is the host whatever it is called."""
    WORLD = """module ends;
volume V;
host Node { }
net Web = 10.0.0.0/24;
container C { }
container B { mount V at "/v"; may read V:"/**"; }
container A { mount V at "/v"; may write V:"/in"; }
container Idle { }
"""
    KEPT = "protect integrity, confidentiality with ml_kem_1024, ml_dsa_87;"

    def path(self, text, question, *options, status=0):
        made = self.file("ends.bh", self.WORLD + text)
        answer = json.loads(self.expect(status, "query", made, question, "--format", "json", *options).stdout)
        names = [node["name"] for node in answer["nodes"]]
        if question.startswith("path"):
            self.assertEqual(answer["headline"].startswith("a path"), bool(answer["edges"]), answer["headline"])
        return [(names[edge["from"]], edge["label"], names[edge["to"]]) for edge in answer["edges"]]

    def both_ways_of_asking(self, text, question):
        """The story from the policy, the same in brief, and what is kept: whether there is a path."""
        told = self.path(text, question, "--no-cache", "--certify")
        for _ in range(2):
            self.assertEqual(bool(self.path(text, question, "--brief")), bool(told), question)
        return told

    def test_a_channel_to_a_net_leads_to_the_network(self):
        text = f"channel c1: C -> Web {{ {self.KEPT} }}\n"
        self.assertEqual(self.both_ways_of_asking(text, "path from C to network"), [("C", "a channel", "network")])
        self.assertEqual(self.both_ways_of_asking(text, "path from network to C"), [])
        self.assertEqual(self.both_ways_of_asking(text, "path from Idle to network"), [])
        text = f"channel c1: Web -> C {{ {self.KEPT} }}\n"
        self.assertEqual(self.both_ways_of_asking(text, "path from network to C"), [("network", "a channel", "C")])
        self.assertEqual(self.both_ways_of_asking(text, "path from C to network"), [])

    def test_what_is_overheard_and_what_is_forged(self):
        plain = "channel c2: B -> C { }\n"
        self.assertEqual(self.both_ways_of_asking(plain, "path from B to network"),
                         [("B", "a channel that others can listen to", "network")])
        self.assertEqual(self.both_ways_of_asking(plain, "path from network to C"),
                         [("network", "a channel that others can speak on", "C")])
        self.assertEqual(self.both_ways_of_asking(plain, "path from C to network"), [])
        self.assertEqual(self.both_ways_of_asking(plain, "path from network to B"), [])
        for shut in (f"channel c2: B -> C {{ {self.KEPT} }}\n", "channel c2: B -> C { mediated by kernel; }\n"):
            self.assertEqual(self.both_ways_of_asking(shut, "path from B to network"), [])
            self.assertEqual(self.both_ways_of_asking(shut, "path from network to C"), [])

    def test_files_lead_to_it_over_several_hops(self):
        text = f"channel c2: B -> C {{ mediated by kernel; }}\nchannel c1: C -> Web {{ {self.KEPT} }}\n"
        self.assertEqual(self.both_ways_of_asking(text, 'path from V:"/in" to network'),
                         [('V:"/in"', "taken in", "B"), ("B", "a channel", "C"), ("C", "a channel", "network")])
        self.assertEqual(self.both_ways_of_asking(text, "path from A to network")[0], ("A", "a shared object", "B"))
        back = f"channel c1: Web -> A {{ {self.KEPT} }}\n"
        self.assertEqual(self.both_ways_of_asking(back, 'path from network to V:"/in"'),
                         [("network", "a channel", "A"), ("A", "given out", 'V:"/in"')])

    def test_what_hangs_on_a_condition_is_decided(self):
        text = """capability Ins on V:"/in" { rights write, delegate; }
C holds Ins(write, delegate);
channel c3: C -> Idle { mediated by kernel; }
C may delegate write on V:"/in" to Idle via c3 when Idle holds read on M;
volume M;
capability Mark on M { rights read; }
channel c4: B -> Web { }
"""
        self.assertEqual(self.both_ways_of_asking(text.replace(" when Idle holds read on M", ""), "path from Idle to network")[-2:],
                         [("Idle", "a shared object", "B"), ("B", "a channel", "network")])
        self.assertEqual(self.both_ways_of_asking(text, "path from Idle to network"), [])  # nobody reads M
        self.assertEqual(self.path(text + "Idle holds Mark(read);\n", "path from Idle to network", "--no-cache")[-1],
                         ("B", "a channel", "network"))
        hears = text.replace("B -> Web", "Web -> Idle")
        self.assertEqual(self.both_ways_of_asking(hears, "path from network to B"), [])
        self.assertEqual(self.path(hears + "Idle holds Mark(read);\n", "path from network to B", "--no-cache")[-2:],
                         [("network", "a channel", "Idle"), ("Idle", "a shared object", "B")])

    def test_the_word_host(self):
        text = "container D { mount V at \"/v\"; may read V; namespaces { ipc: host; } }\n"
        for name in ("host", "Node"):
            self.assertEqual(self.both_ways_of_asking(text, f"path from {name} to D"), [("Node", "a shared namespace", "D")])
            self.assertEqual(self.both_ways_of_asking(text, f"path from D to {name}"), [("D", "a shared namespace", "Node")])
            self.assertEqual(self.both_ways_of_asking(text, f"path from {name} to A"), [])
            self.assertIn(("Node", "a shared namespace", "D"), self.path(text, f"what can {name} reach"))
        two = self.file("two.bh", "module two;\nhost One { }\nhost Two { }\ncontainer A { }\n")
        for question in ("path from host to A", "path from A to host", "what can host reach"):
            said = self.expect(2, "query", two, question).stderr
            self.assertIn("more than one host: name the one that is meant (`One`, `Two`)", said)
            self.assertNotIn("the question", said)


if __name__ == "__main__":
    main()

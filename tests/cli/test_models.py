"""prove of models: what verdicts rest on, by hash, and which sentences no claim needs."""
import hashlib
import json
import os
import re

from cli import SOURCE, CliTest
from needs import main


class Models(CliTest):
    def test_names_models_by_the_hash_of_what_a_dump_prints_of_them(self):
        model = ("model Toggle { sort Thing; var on: Thing -> bool = false; // a comment\n"
                 "  action flip(x: Thing) do on(x) := !on(x);\n  invariant any: forall x: Thing. on(x) || !on(x); }\nprove any: Toggle.any;\n")
        def hashes(text):
            told = json.loads(self.expect(0, "prove", "--format", "json", self.file("toggle.bh", text)).stdout)
            return [(one["name"], one["sha256"]) for one in told["claims"][0]["models"]]
        dumped = self.expect(0, "check", "--dump", "ir", self.file("toggle.bh", model)).stdout
        written = dumped[dumped.index("model Toggle {"):].split("\n}\n")[0] + "\n}\n"
        plain = re.sub(r"  // .*", "", written)
        self.assertEqual([("Toggle", hashlib.sha256(plain.encode()).hexdigest())], hashes(model))
        self.assertEqual(hashes(model), hashes(model.replace("a comment", "another one").replace("  invariant", "invariant")))
        self.assertNotEqual(hashes(model), hashes(model.replace("!on(x);", "true;", 1)))

    def test_lists_sentences_of_models_that_no_claim_needs(self):
        model = ("model Door { sort Guest; var open: bool = false; var inside: Guest -> bool = false; var knocks: int = 0;\n"
                 "  action knock() do knocks := knocks + 1;\n  action enter(g: Guest) when open do inside(g) := true;\n"
                 "  action unlock() do open := true;\n  invariant opened: forall g: Guest. inside(g) -> open; }\nprove Door.opened;\n")
        path = self.file("door.bh", model)
        told = self.expect(0, "prove", "--coverage", path).stdout
        self.assertIn("door.bh:2: action knock() do knocks := knocks + 1\n      tried without it, without `knocks := knocks + 1`\n", told)
        self.assertNotIn("door.bh:3: action enter", told)
        self.assertNotIn("knock()", self.expect(0, "prove", "--no-coverage", path).stdout)
        library = os.path.join(SOURCE, "models/memory.bh")
        user = self.file("user.bh", "module user;\nimport memory;\nprove Memory.integrity;\n")
        self.assertNotIn("memory.bh:", self.expect(0, "prove", user).stdout.split("unproved policy")[-1].replace("(models/memory.bh)", ""))
        self.assertIn("sentences of models", self.expect(0, "prove", library).stdout, "whoever proves the file is told of it")


if __name__ == "__main__":
    main()

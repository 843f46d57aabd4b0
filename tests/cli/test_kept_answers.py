"""query: what an earlier run kept is found again, of this very text alone, and only where nobody else can have written it."""
import json
import os
import time

from cli import CliTest
from needs import main

OFFICE = """module office;
import profiles;
import places;
container Desk uses standard {
    mount Data at "/d";
    may read, write Data:"/a/**";
}
container Till uses standard {
    mount Data at "/d";
    may read FOLDER;
}
container Shop uses standard { }
"""
PLACES = 'module places;\nvolume Data;\nfile Folder = Data:"/b/**";\n'
SETTLED = 2.5  # seconds: files that were changed just now are not noted


class Kept(CliTest):
    def setUp(self):
        super().setUp()
        os.mkdir(os.path.join(self.folder, "library"))
        self.file("library/places.bh", PLACES)
        self.path = self.file("office.bh", OFFICE.replace("FOLDER", "Folder"))

    def ask(self, question, *options, path=None):
        done = self.expect(0, "query", "--models", os.path.join(self.folder, "library"), path or self.path, question, "--format", "json", *options)
        answer = json.loads(done.stdout)
        return answer["headline"], answer.get("cached", False)

    def test_answers_again_what_has_no_story(self):
        for kept in (False, True):
            self.assertEqual(self.ask("path from Desk to Till"), ("there is no path from Desk to Till", kept))
        self.assertEqual(self.ask("path from Shop to Till"), ("there is no path from Shop to Till", True), "all pairs are kept")
        self.assertEqual(self.ask("path from Desk to Till", "--no-cache"), ("there is no path from Desk to Till", False))
        self.file("office.bh", OFFICE.replace("FOLDER", 'Data:"/a/x"'))
        self.assertEqual(self.ask("path from Desk to Till"), ("a path from Desk to Till", False), "the text is another one")
        self.assertEqual(self.ask("path from Desk to Till"), ("a path from Desk to Till", False), "a story is told from the policy")
        self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("a path from Desk to Till", True))

    def test_sees_that_an_import_has_changed(self):
        time.sleep(SETTLED)
        for expected in (False, True, True):
            self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("there is no path from Desk to Till", expected))
        self.file("library/places.bh", PLACES.replace("/b/", "/a/"))
        self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("a path from Desk to Till", False))
        self.file("library/places.bh", PLACES)
        self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("there is no path from Desk to Till", True), "the same bytes again")

    def test_sees_that_another_file_is_imported_now(self):
        time.sleep(SETTLED)
        for expected in (False, True):
            self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("there is no path from Desk to Till", expected))
        self.file("places.bh", PLACES.replace("/b/", "/a/"))  # beside the policy: found before the library
        self.assertEqual(self.ask("path from Desk to Till", "--brief"), ("a path from Desk to Till", False))

    def test_keeps_two_policies_apart(self):
        other = self.file("other.bh", OFFICE.replace("FOLDER", 'Data:"/a/**"').replace("office", "other"))
        for again in (False, True):
            self.assertEqual(self.ask("who can read Folder", "--brief"), ("1 of 4 subjects can read Folder", again))
            self.assertEqual(self.ask("who can read Folder", "--brief", path=other), ("0 of 4 subjects can read Folder", again))

    def test_believes_nothing_that_others_could_have_written(self):
        self.ask("who can read Folder", "--brief")
        answers = os.path.join(self.folder, "cache", "bulkhead", "answers")
        for mode in (0o755, 0o770, 0o777):
            os.chmod(answers, mode)
            self.assertFalse(self.ask("who can read Folder", "--brief")[1])
        os.chmod(answers, 0o700)
        self.assertTrue(self.ask("who can read Folder", "--brief")[1])
        for name in os.listdir(answers):
            with open(os.path.join(answers, name), "r+b") as file:
                file.truncate(100)
        self.assertFalse(self.ask("who can read Folder", "--brief")[1], "damaged, so it is asked anew")
        self.assertTrue(self.ask("who can read Folder", "--brief")[1], "and kept anew")


if __name__ == "__main__":
    main()

"""What SARIF 2.1.0 asks of the objects that Bulkhead writes (its schema, sections 3.13 to 3.55): nothing beside them."""
import jsonschema

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}, "additionalProperties": False}


def thing(required, **properties):
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def several(items, least=0, unique=False):
    return {"type": "array", "minItems": least, "uniqueItems": unique, "items": items}


NUMBER = {"type": "integer", "minimum": 1}
REGION = thing(["startLine"], startLine=NUMBER, startColumn=NUMBER, endLine=NUMBER, endColumn=NUMBER)
URI = {"type": "string", "pattern": "^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}
ARTIFACT = thing(["uri"], uri=URI, uriBaseId={"type": "string"})
PLACE = thing([], physicalLocation=thing(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION), message=TEXT)
FIX = thing(["artifactChanges"], artifactChanges=several(thing(
    ["artifactLocation", "replacements"], artifactLocation=ARTIFACT,
    replacements=several(thing(["deletedRegion"], deletedRegion=REGION, insertedContent=TEXT), 1)), 1, True))
RESULT = thing(["message", "ruleId", "level", "locations"], ruleId={"type": "string"}, message=TEXT,
               level={"enum": ["error", "warning", "note", "none"]}, locations=several(PLACE, 1),
               relatedLocations=several(PLACE, 1, True), fixes=several(FIX, 1, True),
               partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}})
RULE = thing(["id"], id={"type": "string"}, shortDescription=TEXT)
RUN = thing(["tool", "results"],
            tool=thing(["driver"], driver=thing(["name"], name={"type": "string"}, rules=several(RULE, 0, True))),
            invocations=several(thing(["executionSuccessful"], executionSuccessful={"type": "boolean"}), 0, True),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]}, results=several(RESULT))
LOG = thing(["version", "runs"], version={"const": "2.1.0"}, runs=several(RUN, 1),
            **{"$schema": {"type": "string", "pattern": "sarif-2.1.0.json$"}})


def check(log):
    """Raises where the log is none; its rules stand once and are those that its results name."""
    jsonschema.Draft202012Validator(LOG).validate(log)
    for run in log["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        if len(set(rules)) != len(rules):
            raise ValueError(f"a rule stands twice: {rules}")
        for result in run["results"]:
            if result["ruleId"] not in rules:
                raise ValueError(f"{result['ruleId']} is no rule of the log")

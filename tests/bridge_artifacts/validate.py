"""Validates a JSON file against a JSON schema with references to files beside it: validate.py SCHEMA FILE."""
import json
import pathlib
import sys

import jsonschema

schema_path, file_path = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
schema = json.loads(schema_path.read_text())
schema.pop("id", None)  # the references are to files, not to the network
resolver = jsonschema.RefResolver(base_uri=schema_path.as_uri(), referrer=schema)
try:
    jsonschema.Draft4Validator(schema, resolver=resolver).validate(json.loads(file_path.read_text()))
except jsonschema.ValidationError as error:
    sys.exit(f"{error.json_path}: {error.message}")

"""Checks JSON documents against a JSON Schema: validate_schema.py SCHEMA DOCUMENT..., or --check: can it?"""

import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("the Python package jsonschema is missing")


def main(arguments):
    if arguments == ["--check"]:
        return 0
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema, format_checker=jsonschema.FormatChecker())
    errors = 0
    for path in arguments[1:]:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for error in validator.iter_errors(document):
            errors += 1
            place = "/".join(str(step) for step in error.absolute_path)
            print(f"{path}: {place}: {error.message[:300]}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Claims about models, taken apart: which model or variant a claim is about, and what it says of it."""
import re

FORMS = (
    re.compile(r"^(?P<model>\w+)\.(?:(?P<variant>\w+)\.)?(?P<property>\w+)$"),
    re.compile(r"^(?P<model>\w+)(?:\.(?P<variant>\w+))? (?P<property>(?:leaks nothing to|unreachable) .*)$"),
    re.compile(r"^in (?P<model>\w+)(?:\.(?P<variant>\w+))?: (?P<property>.* leads to .*)$"),
)


def read(text):
    """The model, the variant (or None) and the property of a claim's text; None for claims about a policy."""
    for form in FORMS:
        said = form.match(text)
        if said:
            return said["model"], said["variant"], said["property"]
    return None


def proved_and_lost(claims):
    """Of the claims of a report: the theorems that are proved of a model, those that are refuted of a variant, as (model, property), those
    that are refuted of a model itself, and the names of the variants that lose something."""
    proved, lost, failed, useful = set(), set(), set(), set()
    for claim in claims:
        theorem = read(claim["text"])
        if theorem is None:
            continue
        model, variant, name = theorem
        if claim["mode"] == "prove" and not variant:
            proved.add((model, name))
        if claim["mode"] == "refute":
            (lost if variant else failed).add((model, name))
            if variant:
                useful.add(variant)
    return proved, lost, failed, useful

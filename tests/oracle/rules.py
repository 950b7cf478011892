# SPDX-License-Identifier: MIT
"""The rules: each yields (qualifier, text) for each difference; its name begins the kind."""

RULES = []


def rule(function):
    """Adds a rule; a kind of difference is RULE or RULE:QUALIFIER."""
    name = function.__name__.replace("_", "-")

    def named(run):
        for qualifier, text in function(run):
            yield (f"{name}:{qualifier}" if qualifier else name), text

    named.name = name
    RULES.append(named)
    return function

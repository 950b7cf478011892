# SPDX-License-Identifier: MIT
"""Rules of the run as a whole: its status, and that a recording says the same."""

from rules import rule


@rule
def run_status(run):
    """A trace ends as its program does: well. A report's status is its verdict."""
    status = run.text("status").strip()
    wanted = "0"
    if run.mode in ("recorded", "twice"):
        verdicts = run.output.summary["verdicts"]
        unknown = verdicts["UNKNOWN"] or run.output.losses
        wanted = "1" if verdicts["FAIL"] else "2" if unknown else "0"
    if status not in ("", wanted):
        yield run.mode, f"status {status}, not {wanted}: {run.text('said')[:200]!r}"


@rule
def run_report(run):
    """The report of the stored trace says what the trace said."""
    if run.mode == "twice" and run.text("report") != run.text("json"):
        ours, theirs = run.text("json").splitlines(), run.text("report").splitlines()
        line = next((n for n, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), 0)
        yield "", f"line {line + 1} of {len(ours)} and {len(theirs)}: {theirs[line][:150]}"


@rule
def run_counts(run):
    """The summary counts what the other objects are, but for what the kernel opens itself."""
    summary = run.output.summary
    opens = [one for one in run.output.opens if one.json.get("call") != "kernel"]
    counts = {
        "opens": len(opens),
        "names": len(run.output.names),
        "losses": len(run.output.losses),
    }
    for word, cache in (("hits", "hit"), ("negative_hits", "negative"), ("misses", "miss")):
        counts[word] = sum(one.cache == cache for one in opens)
    for word, count in counts.items():
        if summary[word] != count:
            yield word, f"{summary[word]}, not {count}"

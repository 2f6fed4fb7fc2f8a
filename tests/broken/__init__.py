"""For each rule of rules/ what it must catch: changes to the sample, which has no fault."""

from broken import claims, committed, exercises, page, parts, prose

SUBJECTS = [claims, committed, exercises, page, parts, prose]
BROKEN = {name: faults for part in SUBJECTS for name, faults in part.BROKEN.items()}

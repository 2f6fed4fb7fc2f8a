"""For each rule of rules/ what it must catch: changes to the sample, which has no fault."""

from broken import committed, exercises, page, parts, prose

BROKEN = committed.BROKEN | exercises.BROKEN | page.BROKEN | parts.BROKEN | prose.BROKEN

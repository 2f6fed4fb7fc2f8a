"""Changes to the sample's comparisons."""

from sample import drop, replace

BROKEN = {
    "comparisons_are_claims": [
        drop("claim("),
        replace("How [far]", "It is ahead. How [far]"),
        replace("Where does it stop", "It is no\nbetter. Where does it stop"),
        replace("dot.set(x)", 'ax.set(title="One is ahead")'),
    ],
}

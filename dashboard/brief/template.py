"""The office's own Word template: where it lies."""

from pathlib import Path

from dashboard.brief.request import BriefRefused


def template(data: Path) -> Path | None:
    """The one .docx in ``<data>/brief``; None without one, BriefRefused for several."""
    folder = data / "brief"
    found = sorted(path for path in folder.glob("*.docx") if not path.name.startswith("~$"))
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise BriefRefused(f"{folder} 里有{len(found)}个模板（{names}），只能留一个，请移走其余的再试。")
    return found[0] if found else None

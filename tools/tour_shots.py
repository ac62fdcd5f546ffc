"""Pictures of pages, by headless Chromium, cut out and made small. Needs Chromium and Pillow; nothing else of the project does."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

SCALE = 2
MOST_BYTES = 150_000
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_TALLEST = 2400  # CSS pixels
_AROUND = (255, 0, 255)
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
ADVICE = """There is no Chromium to draw the pictures with. To get one:
  Debian, Ubuntu   apt-get update && apt-get install -y chromium fonts-roboto fonts-noto-color-emoji
  Fedora           dnf install chromium google-roboto-fonts google-noto-color-emoji-fonts
  macOS            brew install --cask chromium
The pages themselves can be had without it: python -m tools.tour --pages FOLDER"""


def browser() -> str | None:
    """The path of a Chromium; None if there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def shoot(program: str, page: Path, picture: Path) -> None:
    """Write the phone that stands on the page as a PNG of 390 times SCALE pixels' width. RuntimeError if Chromium fails."""
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        raw = Path(folder) / "raw.png"
        command = [
            program, *_FLAGS, f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={SCALE}",
            f"--window-size=800,{_TALLEST}", f"--screenshot={raw}", page.resolve().as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if not raw.exists():
            raise RuntimeError(f"Chromium drew nothing: {done.stderr[-500:]}")
        picture.write_bytes(cut(raw.read_bytes()))


def cut(raw: bytes) -> bytes:
    """The part that is not magenta, with as many colours as MOST_BYTES allow."""
    from PIL import Image, ImageChops

    image = Image.open(BytesIO(raw)).convert("RGB")
    around = Image.new("RGB", image.size, _AROUND)
    phone = image.crop(ImageChops.difference(image, around).getbbox())
    for colours in (256, 128, 64, 32):
        out = BytesIO()
        phone.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()

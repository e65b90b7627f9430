"""QR codes (mã QR) as SVG, for papers and screens alike."""

from __future__ import annotations

import base64


def qr_svg(text: str, *, border: int = 4) -> str:
    """An SVG of the QR code for `text`: one filled path, one unit a module, `border` quiet modules.

    Error correction M (15 %), as a creased paper needs it. The SVG has no size of its own and
    takes that of its box; black on nothing, so the ground must be light.
    """
    import segno  # noqa: PLC0415  start-up cost: 0.06 s

    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    size = len(matrix) + 2 * border
    runs: list[str] = []
    for y, row in enumerate(matrix, start=border):
        x = 0
        while x < len(row):
            length = _run_length(row, x)
            if row[x]:
                runs.append(f"M{x + border} {y}h{length}v1h-{length}z")
            x += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path d="{"".join(runs)}"/></svg>'
    )


def qr_image(text: str) -> str:
    """The same as the address of an image (`<img src>`), on a white ground: telephones read it in dark pages too."""
    svg = qr_svg(text).replace("<path ", '<rect width="100%" height="100%" fill="#fff"/><path ', 1)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _run_length(row: bytearray, start: int) -> int:
    end = start
    while end < len(row) and row[end] == row[start]:
        end += 1
    return end - start

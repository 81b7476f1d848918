"""Draws docs/flagship.svg from three exported runs of the flagship preset.

    engram export E/2 --to hebbian.npz       # E: an experiment of the preset
    engram export E/12 --to anti_hebbian.npz
    engram export E/22 --to stdp_rate.npz
    python3 docs/flagship_figure.py hebbian.npz anti_hebbian.npz stdp_rate.npz \
        > docs/flagship.svg
"""

import sys

import numpy

TITLES = ["Hebbian", "anti-Hebbian", "rate STDP"]
CELL, WIDTH, LEFT, GAP = 20, 200, 64, 70
SHOWN_MS = 300


def array(run, name):
    """The array recorded at the end of a run, by its path."""
    (key,) = [k for k in run.files if k.endswith(f"/arrays/{name}@final")]
    return run[key]


def colour(share):
    """Blue below 0, white at 0, red above; share in [-1, 1]."""
    end = (178, 24, 43) if share > 0 else (33, 102, 172)
    mix = abs(share) ** 0.8
    r, g, b = (round(255 + (c - 255) * mix) for c in end)
    return f"#{r:02x}{g:02x}{b:02x}"


def text(x, y, words, anchor="middle", size=12, rotate=None):
    turn = f' transform="rotate({rotate} {x} {y})"' if rotate else ""
    return (f'<text x="{x}" y="{y}" text-anchor="{anchor}" '
            f'font-size="{size}"{turn}>{words}</text>')


def weights(run, left, top):
    """Mean learned weight from item (column) to item (row)."""
    blocks = array(run, "block_means")
    largest = numpy.abs(blocks).max()
    for row in range(10):
        for column in range(10):
            fill = colour(blocks[row, column] / largest)
            yield (f'<rect x="{left + column * CELL}" y="{top + row * CELL}" '
                   f'width="{CELL}" height="{CELL}" fill="{fill}"/>')
    yield (f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{WIDTH}" '
           'fill="none" stroke="#888"/>')
    for item in (1, 10):
        at = top + (item - 0.5) * CELL + 4
        yield text(left - 6, at, item, "end", 11)
        yield text(left + (item - 0.5) * CELL, top + WIDTH + 14, item, size=11)
    yield text(left + WIDTH / 2, top + WIDTH + 28, "from item")


def recall(run, left, top):
    """Activity of each item over time after the cue, one line an item."""
    activity = array(run, "item_activity")[:SHOWN_MS:2]
    row = WIDTH / 10
    for item in range(10):
        base = top + (item + 1) * row
        points = " ".join(
            f"{left + i * WIDTH / len(activity):.1f},"
            f"{base - value * row * 0.9:.1f}"
            for i, value in enumerate(activity[:, item]))
        yield (f'<polygon points="{left},{base} {points} '
               f'{left + WIDTH},{base}" fill="#4a6fa5"/>')
        yield (f'<line x1="{left}" x2="{left + WIDTH}" y1="{base}" '
               f'y2="{base}" stroke="#ccc" stroke-width="0.5"/>')
        if item in (0, 9):
            yield text(left - 6, base - 6, item + 1, "end", 11)
    for ms in (0, 100, 200, 300):
        x = left + ms / SHOWN_MS * WIDTH
        yield text(x, top + WIDTH + 16, ms, size=11)
    yield (f'<rect x="{left}" y="{top - 5}" width="{50 / SHOWN_MS * WIDTH}" '
           'height="3" fill="#222"/>')
    yield text(left + WIDTH / 2, top + WIDTH + 31, "time [ms]")


def main():
    width, height = LEFT + 3 * WIDTH + 2 * GAP + 20, 560
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
          f'height="{height}" viewBox="0 0 {width} {height}" '
          'font-family="Helvetica, Arial, sans-serif" fill="#222">')
    print(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for index, path in enumerate(sys.argv[1:4]):
        left = LEFT + index * (WIDTH + GAP)
        with numpy.load(path) as run:
            print(text(left + WIDTH / 2, 26, TITLES[index], size=15))
            print("\n".join(weights(run, left, 44)))
            print("\n".join(recall(run, left, 310)))
    print(text(22, 144, "to item", rotate=-90))
    print(text(22, 410, "activity of item", rotate=-90))
    print("</svg>")


if __name__ == "__main__":
    main()

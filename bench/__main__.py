"""Every benchmark, one line each: `python -m bench`, or `python -m bench NAME ...`."""

import sys

from bench import areas, doors, hotspots, reading, replay, siege, startup, understanding, updates

ALL = {
    "updates": updates.main,
    "replay": replay.main,
    "reading": reading.main,
    "doors": doors.main,
    "startup": startup.main,
    "siege": siege.main,
    "areas": areas.main,
    "hotspots": hotspots.main,
    "understanding": understanding.main,
}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all."""
    for name in names or ALL:
        print(f"{name}: {ALL[name]()}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

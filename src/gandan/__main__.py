from __future__ import annotations

from gandan.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

#!/bin/sh
# Print the first Python that is new enough: the one named by the argument, else the usual names.
# A name that is found may still not start (version managers put such stand-ins on PATH), so each
# is asked.
if [ -n "$1" ]; then
    candidates=$1
else
    candidates="python3 python3.13 python3.12 python3.11 python3.14 python"
fi
for candidate in $candidates; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
done
echo "No Python 3.11 or newer found (tried: $candidates)." >&2
echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1

#!/usr/bin/env bash
# format.sh check|write CLANG_FORMAT: the C++ sources that git tracks, held against .clang-format.
set -euo pipefail
mode=$1 tool=${2:-clang-format-14}
"$tool" --version | grep -q 'version 14\.' || { echo "format.sh: clang-format 14 is needed (Debian package clang-format-14)" >&2; exit 1; }
case "$mode" in
  check) git ls-files -z '*.h' '*.cpp' | xargs -0 "$tool" --dry-run -Werror ;;
  write) git ls-files -z '*.h' '*.cpp' | xargs -0 "$tool" -i ;;
  *) echo "format.sh: check or write" >&2; exit 2 ;;
esac

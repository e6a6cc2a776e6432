# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`python -m onetape` is the `onetape` command."""

from onetape.cli import main

if __name__ == "__main__":
    main()

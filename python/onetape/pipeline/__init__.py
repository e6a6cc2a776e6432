# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The journal as data: what can be worked out from it afterwards, or beside it while it grows."""

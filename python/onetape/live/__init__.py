# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The real thing: a node on real time and sockets, and the processes around it."""

# SPDX-License-Identifier: MIT
"""The table of what the program did: operation and errno, with a reason for each that did not occur."""

def print_table(table, fs, is_whole):
    return False

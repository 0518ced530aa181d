"""Benchmarks: how fast and how small the program is, beside what was asked for and what it is compared with."""

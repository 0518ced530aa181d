"""A GitHub, a git remote, a model API and a runner on loopback, for the demo, the tests and the benchmarks."""

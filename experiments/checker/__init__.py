"""Jepsen's parts: workload, nemesis, history, checker, soak."""

"""Parts of the benchmark of the viewer."""

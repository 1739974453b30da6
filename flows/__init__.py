"""How it runs: Prefect flows, settings and the command line. Thin: names, wires, retries; the work is in pipeline/."""

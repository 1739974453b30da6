"""What Prefect runs: flows and tasks, where their tasks land, and what its pages are told.

Thin: the work is in pipeline/, and what has become of it stands in the product's database. Here belongs what imports
Prefect to be run by it; how its server is found or started does not, nor does the direct way.
"""

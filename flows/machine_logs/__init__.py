"""What the programs tell other programs: logs as JSON. What people read is printed by ``flows.terminal``.

Imports nothing of the house, since everything that prints imports it.
"""

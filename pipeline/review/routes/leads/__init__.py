"""The addresses that leads or administrators alone may ask: who has what, two readers' differences, results, figures, people."""

"""What reviews teach: reviewed cases as training text, a challenger held against the champion, rehearsals of both.

It never touches the store; collecting cases from it and keeping the books is the work of ``pipeline/learning``.
"""

"""Where submissions come from, named in one file: watched folders, S3, SFTP, web servers, lists of offices.

What a source is and how it is opened; how files are listed and fetched is in ``intake``, which password opens it in ``flows``.
"""

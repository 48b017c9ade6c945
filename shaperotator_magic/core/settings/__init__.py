"""The settings: one table, how it is read, and what follows from it.

``table`` has the rows, ``reading`` the environment and the arguments of commands, ``video`` sizes,
``folders`` where files are kept. Nothing heavy is imported: ``%load_ext`` reads the table.

Runs in every process. May import errors of core, and nothing else of the package.
"""

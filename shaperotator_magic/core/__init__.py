"""What every room uses: records, errors, settings, and small tools without state.

Runs in every process. Imports nothing else of the package.
"""

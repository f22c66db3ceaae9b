"""The launcher: fetches, starts, watches and ends the parts of a Plumbline installation on one machine.

Standard library only, Python 3.9 or newer. Entry point: ``plumbline.cli.main``.
"""

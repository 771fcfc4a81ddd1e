"""Every error this package raises on purpose.

    EmpathyError
    ├── InputError (ValueError)      what was given can't be read; the message says what to give instead
    ├── SettingsError (ValueError)   a variable or a line of empathy.toml has a value outside its choices
    └── ModelError (RuntimeError)    an engine can't speak; the pipeline goes on without it and says so
        ├── ModelMissingError        its weights or its package are not on this machine
        ├── ModelFileError           its weights are there but broken, half-downloaded or of another model
        └── ModelRunError            it was loaded and then failed on this input

Absence is no error: no face, silence and no words are ``None`` or an empty tuple.
"""

from __future__ import annotations


class EmpathyError(Exception):
    """Base of the tree; its text is one sentence a user can act on."""


class InputError(EmpathyError, ValueError):
    """What was given can't be read."""


class SettingsError(EmpathyError, ValueError):
    """A setting has a value outside its choices."""


class ModelError(EmpathyError, RuntimeError):
    """An engine can't speak."""


class ModelMissingError(ModelError):
    """Weights or package are absent; the message names the command that brings them."""


class ModelFileError(ModelError):
    """Weights are broken, incomplete or of another model."""


class ModelRunError(ModelError):
    """A loaded engine failed on this input."""

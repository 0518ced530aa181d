"""The demonstration: an application's spec, and a model that really builds it from what its tools tell it."""

from sandbox.demo.policy import policy
from sandbox.demo.recipe import recipes
from sandbox.demo.spec import spec_text

__all__ = ["policy", "recipes", "spec_text"]

"""train: builds anew what is learned of topics and kinds."""

import typer

from domain.understand import training
from domain.understand.linear import FILE


def train() -> None:
    """Build the model of topics and kinds anew from the phrases: the same file at every run."""
    training.train(training.examples()).save()
    typer.echo(f"{FILE}: {FILE.stat().st_size:,} bytes")

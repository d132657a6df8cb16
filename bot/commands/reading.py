"""train: builds anew what is learned of topics and kinds."""

import typer


def train() -> None:
    """Build the model of topics and kinds anew from the phrases: the same file at every run."""
    from domain.understand import linear, training  # noqa: PLC0415 - numpy is read in where it is used alone

    training.train(training.examples()).save()
    typer.echo(f"{linear.FILE}: {linear.FILE.stat().st_size:,} bytes")

"""The shipped sample: where it lies."""

import functools
from pathlib import Path


@functools.cache
def sample_folder() -> Path:
    """The project's data/sample, or the copy inside the installed package."""
    here = Path(__file__).resolve().parent
    project = here.parent / "data" / "sample"
    return project if project.is_dir() else here / "data" / "sample"


@functools.lru_cache(maxsize=64)
def is_sample(file: str) -> bool:
    """Whether a file is one of the shipped sample."""
    return Path(file).resolve().is_relative_to(sample_folder())

"""Annotation: a pure function from an article and the registry to rows.

A new layer is one module with a `find` over a `Scan`, and one line in `layers`. Another annotator is a package of its
own (etl.annotators).
"""

from etl.annotate.layers import annotate, named, published_on

__all__ = ["annotate", "named", "published_on"]

"""How a file becomes rows: read → clean → annotate → gather → store, told by pipeline.load."""

from etl import compiled

compiled.take()

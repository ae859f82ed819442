"""How a question becomes a picture: main → views → drill, timeline … → queries, charts → plot."""

"""Cannot even be imported."""

raise RuntimeError("this plugin was packed without its parts")

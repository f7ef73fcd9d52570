"""One simulated mixed-brand house on 127.0.0.1, for the demo and for tests.

`world` is the physics (pure, time always passed in), each device module serves that world on
its own wire, `control` shows the truth and switches faults. `python -m simulator` runs it all.
"""

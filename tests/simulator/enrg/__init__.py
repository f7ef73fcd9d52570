"""The ENRG platform of the simulator."""

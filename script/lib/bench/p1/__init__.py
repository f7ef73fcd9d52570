"""The P1 meter: one stream of telegrams, read by us and by Home Assistant's own `dsmr`."""

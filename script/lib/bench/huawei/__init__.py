"""The SUN2000: one simulated inverter, polled by us and by a bare Modbus client."""

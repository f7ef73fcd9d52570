"""What leaves the house: a durable queue, and the platform that it is delivered to."""

"""What this integration costs beside what people use today; docs/performance.md explains."""

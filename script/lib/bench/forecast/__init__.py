"""What forecasting and importing cost."""

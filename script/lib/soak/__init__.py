"""What a real Home Assistant does in minutes of real time; see script/soak."""

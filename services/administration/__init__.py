"""What an admin changes about the office: its people, units, days and documents."""

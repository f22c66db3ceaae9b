"""Tests of the launcher itself: ./plumbline test launcher."""

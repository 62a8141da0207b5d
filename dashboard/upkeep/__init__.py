"""Keeping the installation up: what is wrong with it, its pulse, its backup."""

"""The pipeline behind REST endpoints: tasks, owners, limits; and the client of such a service."""

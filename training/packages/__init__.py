"""What is fetched: pinned packages, and the client that fetches them."""

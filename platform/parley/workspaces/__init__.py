"""The pages, by audience: views and templates only. One audience shares navigation, words and permissions."""

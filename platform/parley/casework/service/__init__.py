"""Use cases on cases. Each public function is one use case in one transaction, which it commits."""

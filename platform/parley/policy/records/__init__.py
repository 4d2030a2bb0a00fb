"""The parts of a policy as frozen records, by what they are about. `parley.policy.domain` passes them on."""

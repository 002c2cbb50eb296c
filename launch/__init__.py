"""From a fresh machine to a running lab or a tested one; standard library only."""

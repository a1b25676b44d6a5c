-- fixture: rules=all today=2026-06-30
-- cupel:ignore truncate, lock-queue-blocker: refilled every night (until: 2026-06-30)
TRUNCATE cache;
-- cupel:ignore truncate, lock-queue-blocker: refilled every night (owner: alice, until: 2027-01-01)
TRUNCATE other;

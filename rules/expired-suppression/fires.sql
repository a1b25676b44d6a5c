-- fixture: rules=all today=2026-07-01
-- want+1 expired-suppression "held until 2026-06-30"
-- cupel:ignore truncate: refilled every night (until: 2026-06-30)
TRUNCATE cache; -- want truncate; lock-queue-blocker

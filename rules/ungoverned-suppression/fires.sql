-- fixture: rules=all suppressions=governed
-- want+1 ungoverned-suppression "names nobody"
-- cupel:ignore drop-table, lock-queue-blocker: archived (until: 2026-12-31)
DROP TABLE invoices;
-- want+1 ungoverned-suppression "how long it holds"
-- cupel:ignore drop-table, lock-queue-blocker: archived (owner: alice)
DROP TABLE orders;
-- want+1 ungoverned-suppression "is no date"
-- cupel:ignore drop-table, lock-queue-blocker: archived (owner: alice, until: Christmas)
DROP TABLE lines;

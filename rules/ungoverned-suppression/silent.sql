-- fixture: rules=all suppressions=governed
-- cupel:ignore drop-table, lock-queue-blocker: archived (owner: alice, until: 2026-12-31)
DROP TABLE invoices;

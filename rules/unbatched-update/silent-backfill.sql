-- fixture: layout=cupel
-- file: 20260101_000000_status.sql
-- cupel:backfill key=id batch=500
UPDATE orders SET note = 'x' WHERE note IS NULL;

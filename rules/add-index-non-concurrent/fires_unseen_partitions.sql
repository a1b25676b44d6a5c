-- fixture:
-- file: 1.sql
CREATE TABLE measurements (id bigint, taken timestamptz NOT NULL) PARTITION BY RANGE (taken);
-- file: 2.sql
-- Its partitions are made elsewhere, each month: a partitioned table that is in use has some.
CREATE INDEX measurements_id ON measurements (id);  -- want add-index-non-concurrent "blocks writes to measurements"
CREATE INDEX measurements_taken ON ONLY measurements (taken);

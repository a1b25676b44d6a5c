-- fixture:
-- file: 1.sql
CREATE TABLE measurements (id bigint, taken timestamptz NOT NULL) PARTITION BY RANGE (taken);
-- file: 2.sql
-- Its partitions are made elsewhere. Built on them first, the index of the parent only takes them in.
CREATE INDEX CONCURRENTLY measurements_1_id ON measurements_1 (id);
CREATE INDEX CONCURRENTLY measurements_2_id ON measurements_2 (id);
CREATE INDEX measurements_id ON measurements (id);

CREATE TABLE m1 PARTITION OF unknown FOR VALUES IN (1);                                  -- want create-partition-of-locks-parent@1 "unknown"
-- file: 002.sql
CREATE TABLE measured (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
-- file: 003.sql
CREATE TABLE m2024 PARTITION OF measured FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');  -- want create-partition-of-locks-parent "creating partition m2024 blocks reads and writes of measured"
CREATE TABLE rest PARTITION OF measured DEFAULT;                                         -- want create-partition-of-locks-parent "rest"
-- file: 004.sql
CREATE TABLE m2025 PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);   -- want create-partition-of-locks-parent "default partition rest is read"

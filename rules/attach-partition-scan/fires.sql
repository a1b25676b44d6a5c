ALTER TABLE unknown ATTACH PARTITION old FOR VALUES IN (1);                                      -- want attach-partition-scan@21 "attaching old to unknown"
-- file: 002.sql
CREATE TABLE measured (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE m2024 (id bigint, at date NOT NULL);
CREATE TABLE m2025 (id bigint, at date NOT NULL CHECK (at >= '2025-01-01'));
CREATE TABLE m2023 (id bigint, at date NOT NULL);
ALTER TABLE m2023 ADD CONSTRAINT bound CHECK (at >= '2023-01-01' AND at < '2024-01-01') NOT VALID;
-- file: 003.sql
ALTER TABLE measured ATTACH PARTITION m2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');    -- want attach-partition-scan "attaching m2024 to measured blocks reads and writes of m2024"
ALTER TABLE measured ATTACH PARTITION m2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');    -- want attach-partition-scan
ALTER TABLE measured ATTACH PARTITION m2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');    -- want attach-partition-scan
CREATE TABLE rest PARTITION OF measured DEFAULT;
-- file: 004.sql
CREATE TABLE m2026 (id bigint, at date NOT NULL);
ALTER TABLE measured ATTACH PARTITION m2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');    -- want attach-partition-scan "default partition rest"

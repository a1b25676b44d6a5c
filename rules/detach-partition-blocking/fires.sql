-- fixture: pg=14..18
CREATE TABLE measured (at date) PARTITION BY RANGE (at);
CREATE TABLE measured_2019 PARTITION OF measured FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
CREATE TABLE split (at date) PARTITION BY RANGE (at);
CREATE TABLE split_2019 PARTITION OF split FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
CREATE TABLE split_rest PARTITION OF split DEFAULT;
-- file: 002.sql
-- want+1 detach-partition-blocking@22 "blocks reads and writes of measured" safe `DETACH PARTITION measured_2019 CONCURRENTLY`
ALTER TABLE measured DETACH PARTITION measured_2019;
-- want+1 detach-partition-blocking safe `ALTER TABLE split DETACH PARTITION split_2019;`
ALTER TABLE split DETACH PARTITION split_2019;
ALTER TABLE shop.unknown DETACH PARTITION shop.part;  -- want detach-partition-blocking "partition shop.part"

REFRESH MATERIALIZED VIEW totals;                       -- want refresh-matview-blocking@27 "refreshing totals"
REFRESH MATERIALIZED VIEW shop."Totals" WITH DATA;      -- want refresh-matview-blocking
-- file: 002.sql
CREATE MATERIALIZED VIEW sums AS SELECT 1 AS a;
-- file: 003.sql
REFRESH MATERIALIZED VIEW sums;                         -- want refresh-matview-blocking "sums"

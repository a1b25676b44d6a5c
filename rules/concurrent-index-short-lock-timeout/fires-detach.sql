-- fixture: pg=14..18
SET lock_timeout = '10s';
ALTER TABLE measured DETACH PARTITION measured_2019 CONCURRENTLY;  -- want concurrent-index-short-lock-timeout "FINALIZE"

-- fixture: pg=14..18 transaction=per_file
ALTER TABLE measured DETACH PARTITION measured_2019 CONCURRENTLY;  -- want concurrently-in-transaction "DETACH PARTITION CONCURRENTLY"

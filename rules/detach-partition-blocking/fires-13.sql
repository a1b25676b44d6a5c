-- fixture: pg=13..13
-- want+1 detach-partition-blocking safe `SET lock_timeout = '2s';`
ALTER TABLE measured DETACH PARTITION measured_2019;

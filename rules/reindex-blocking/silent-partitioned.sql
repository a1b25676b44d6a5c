-- fixture: pg=13..13
CREATE TABLE measured (at date PRIMARY KEY) PARTITION BY RANGE (at);
-- file: 002.sql
REINDEX TABLE measured;

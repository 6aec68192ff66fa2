-- PERMISSION_DENIED: session advisory lock
SELECT pg_advisory_lock(1)
-- PERMISSION_DENIED: shared advisory lock
SELECT pg_advisory_lock_shared(1, 2)
-- PERMISSION_DENIED: try advisory lock
SELECT pg_try_advisory_lock(1)
-- PERMISSION_DENIED: transaction advisory lock
SELECT pg_advisory_xact_lock(1)
-- PERMISSION_DENIED: try shared transaction advisory lock
SELECT pg_try_advisory_xact_lock_shared(1)
-- PERMISSION_DENIED: advisory unlock of everything
SELECT pg_advisory_unlock_all()
-- PERMISSION_DENIED: advisory lock in a lateral join
SELECT * FROM shop.users u, LATERAL pg_advisory_lock(u.id)
-- PERMISSION_DENIED: advisory lock in ORDER BY
SELECT id FROM shop.users ORDER BY pg_advisory_lock(id)
-- PERMISSION_DENIED: advisory lock in a window
SELECT sum(1) OVER (PARTITION BY pg_advisory_lock(id)::text) FROM shop.users
-- PERMISSION_DENIED: advisory lock in FILTER
SELECT count(*) FILTER (WHERE pg_try_advisory_lock(1)) FROM shop.users
-- PERMISSION_DENIED: FOR UPDATE
SELECT * FROM shop.users FOR UPDATE
-- PERMISSION_DENIED: FOR SHARE SKIP LOCKED
SELECT * FROM shop.users FOR SHARE SKIP LOCKED
-- PERMISSION_DENIED: FOR NO KEY UPDATE OF
SELECT * FROM shop.users u JOIN shop.orders o ON o.user_id = u.id FOR NO KEY UPDATE OF u NOWAIT
-- PERMISSION_DENIED: FOR KEY SHARE in a CTE
WITH u AS (SELECT * FROM shop.users FOR KEY SHARE) SELECT * FROM u
-- PERMISSION_DENIED: FOR UPDATE in a subquery
SELECT * FROM (SELECT * FROM shop.users FOR UPDATE) u
-- PERMISSION_DENIED: FOR UPDATE in EXISTS
SELECT 1 WHERE EXISTS (SELECT 1 FROM shop.users FOR UPDATE)
-- PERMISSION_DENIED: FOR UPDATE under EXPLAIN ANALYZE
EXPLAIN ANALYZE SELECT * FROM shop.users FOR UPDATE
-- PERMISSION_DENIED: LOCK TABLE
LOCK TABLE shop.users IN ACCESS EXCLUSIVE MODE
-- PERMISSION_DENIED: LOCK without TABLE
LOCK shop.users

-- PERMISSION_DENIED: a volatile function of a user
SELECT shop.volatile_function()
-- PERMISSION_DENIED: a volatile function of a user, found by search_path
SELECT volatile_function()
-- PERMISSION_DENIED: a volatile function in FROM
SELECT * FROM volatile_function()
-- PERMISSION_DENIED: a volatile function in a default of COALESCE
SELECT coalesce((SELECT 1), volatile_function())
-- PERMISSION_DENIED: a volatile function in LIMIT
SELECT 1 LIMIT volatile_function()
-- PERMISSION_DENIED: a volatile function in VALUES
VALUES (1), (volatile_function())
-- PERMISSION_DENIED: a volatile function in GROUPING SETS
SELECT 1 FROM shop.users GROUP BY GROUPING SETS ((), (volatile_function()))
-- PERMISSION_DENIED: a volatile function in TABLESAMPLE
SELECT * FROM shop.users TABLESAMPLE bernoulli (volatile_function())
-- PERMISSION_DENIED: a volatile function in a frame
SELECT sum(id) OVER (ORDER BY id ROWS volatile_function() PRECEDING) FROM shop.users
-- PERMISSION_DENIED: a volatile function in JOIN ON
SELECT 1 FROM shop.users u JOIN shop.orders o ON volatile_function() = u.id
-- PERMISSION_DENIED: a volatile function in a subscript
SELECT (ARRAY[1, 2])[volatile_function()]
-- PERMISSION_DENIED: a volatile function in XMLTABLE
SELECT * FROM XMLTABLE('/a' PASSING xmlparse(DOCUMENT volatile_function()::text) COLUMNS a int)
-- PERMISSION_DENIED shadowed: a volatile overload of a function of PostgreSQL
SELECT lower('X'::varchar)
-- PERMISSION_DENIED shadowed: a volatile overload of a function of PostgreSQL, over a column
SELECT lower(name) FROM shop.users
-- PERMISSION_DENIED: a call in the notation of a column
SELECT u.row_effect FROM shop.users u
-- PERMISSION_DENIED: a call in the notation of a field
SELECT (u).row_effect FROM shop.users u
-- PERMISSION_DENIED: a call in the notation of a column, of a subquery's row
SELECT (SELECT x.row_effect) FROM (SELECT u FROM shop.users u) s(x)
-- PERMISSION_DENIED: an aggregate with a volatile function
SELECT evil_sum(id) FROM shop.users
-- PERMISSION_DENIED: an aggregate with a volatile function as a window
SELECT evil_sum(id) OVER () FROM shop.users
-- PERMISSION_DENIED superuser: a function labelled STABLE
SELECT stable_liar()
-- PERMISSION_DENIED superuser: a function labelled IMMUTABLE
SELECT shop.immutable_liar(id) FROM shop.users
-- PERMISSION_DENIED: a function with the rights of its owner
SELECT lends_rights()
-- PERMISSION_DENIED: a default that reads a file
SELECT evil_default()
-- PERMISSION_DENIED: a volatile operator
SELECT 1 OPERATOR(shop.===) 1.0
-- PERMISSION_DENIED: a volatile operator, found by search_path
SELECT 1 === 1.0
-- PERMISSION_DENIED shadowed: a volatile operator behind IN
SELECT 1 FROM shop.users WHERE id IN (1.0, 2.0)
-- PERMISSION_DENIED shadowed: a volatile operator behind BETWEEN
SELECT 1 FROM shop.users WHERE id BETWEEN 1.0 AND 2
-- PERMISSION_DENIED shadowed: a volatile operator behind IS DISTINCT FROM
SELECT id IS DISTINCT FROM 1.0 FROM shop.users
-- PERMISSION_DENIED shadowed: a volatile operator behind NULLIF
SELECT nullif(id, 1.0) FROM shop.users
-- PERMISSION_DENIED shadowed: a volatile operator behind CASE
SELECT CASE id WHEN 1.0 THEN 2 END FROM shop.users
-- PERMISSION_DENIED shadowed: a volatile operator behind USING
SELECT 1 FROM shop.users JOIN (SELECT 1.0 AS id) x USING (id)
-- PERMISSION_DENIED shadowed: a volatile operator behind a natural join
SELECT 1 FROM shop.users NATURAL JOIN (SELECT 1.0 AS id) x
-- PERMISSION_DENIED shadowed: a volatile operator behind ANY
SELECT id = ANY (ARRAY[1.0]) FROM shop.users
-- PERMISSION_DENIED shadowed: a volatile operator behind IN with a subquery
SELECT 1 FROM shop.users WHERE id IN (SELECT 1.0)
-- PERMISSION_DENIED shadowed: a volatile operator behind a row comparison
SELECT (id, id) = (1.0, 2) FROM shop.users
-- PERMISSION_DENIED shadowed: a volatile operator behind LIKE
SELECT 1 FROM shop.users WHERE id LIKE 'x'::text
-- PERMISSION_DENIED: a cast with a volatile function
SELECT 1::mood
-- PERMISSION_DENIED: a cast written as a call
SELECT shop.mood(id) FROM shop.users
-- PERMISSION_DENIED: a cast of an array
SELECT ARRAY[1]::shop.mood[]
-- PERMISSION_DENIED: an implicit cast with a volatile function
SELECT of_pair(1)
-- PERMISSION_DENIED: a domain with a volatile check
SELECT 'x'::guarded
-- PERMISSION_DENIED: a domain over such a domain
SELECT guarded_again 'x'
-- PERMISSION_DENIED: an array of such a domain
SELECT '{x}'::shop.guarded[]
-- PERMISSION_DENIED: a row with such a domain
SELECT ROW('x')::holder
-- PERMISSION_DENIED: such a domain in a column definition list
SELECT * FROM json_to_record('{"a":"x"}') AS r(a guarded)
-- PERMISSION_DENIED: such a domain in XMLTABLE
SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS a guarded PATH '.')
-- PERMISSION_DENIED superuser: a domain whose check reads a file
SELECT 'x'::reading
-- PERMISSION_DENIED superuser: a view that reads a file
SELECT * FROM file_view
-- PERMISSION_DENIED superuser: a view of a view that reads a file
SELECT content FROM shop.file_view_again
-- PERMISSION_DENIED superuser: a view of a view under EXPLAIN
EXPLAIN ANALYZE SELECT * FROM file_view_again
-- PERMISSION_DENIED: a view of password hashes
SELECT * FROM password_view
-- PERMISSION_DENIED: a copy of password hashes
SELECT * FROM password_copy
-- PERMISSION_DENIED: a view with a volatile function
SELECT * FROM effect_view
-- PERMISSION_DENIED: a view with a volatile operator
SELECT * FROM operator_view
-- PERMISSION_DENIED: a view with a domain
SELECT * FROM domain_view
-- PERMISSION_DENIED: a view with an aggregate
SELECT * FROM aggregate_view

-- PERMISSION_DENIED: an expression
SELECT lower(email) FROM shop.users
-- PERMISSION_DENIED: a concatenation
SELECT email || '' FROM shop.users
-- PERMISSION_DENIED: a cast
SELECT email::varchar FROM shop.users
-- PERMISSION_DENIED: a collation
SELECT email COLLATE "C" FROM shop.users
-- PERMISSION_DENIED: a comparison as output
SELECT email = 'user1@example.com' FROM shop.users
-- PERMISSION_DENIED: WHERE
SELECT id FROM shop.users WHERE email LIKE 'u%'
-- PERMISSION_DENIED params=["a"]: WHERE with a parameter
SELECT id FROM shop.users WHERE email > $1
-- PERMISSION_DENIED: IS NULL
SELECT id FROM shop.users WHERE card IS NULL
-- PERMISSION_DENIED: ORDER BY
SELECT id FROM shop.users ORDER BY email
-- PERMISSION_DENIED: ORDER BY the output's name
SELECT id, email AS e FROM shop.users ORDER BY e
-- PERMISSION_DENIED: ORDER BY a position
SELECT id, email FROM shop.users ORDER BY 2
-- PERMISSION_DENIED: ORDER BY a position in *
SELECT * FROM shop.users ORDER BY 3
-- PERMISSION_DENIED: ORDER BY another column's name
SELECT email AS id FROM shop.users ORDER BY id
-- PERMISSION_DENIED: ORDER BY USING
SELECT id FROM shop.users ORDER BY email USING <
-- PERMISSION_DENIED: GROUP BY
SELECT count(*) FROM shop.users GROUP BY email
-- PERMISSION_DENIED: GROUP BY a position
SELECT email, count(*) FROM shop.users GROUP BY 1
-- PERMISSION_DENIED: GROUP BY the output's name
SELECT card AS c, count(*) FROM shop.users GROUP BY c
-- PERMISSION_DENIED: GROUPING SETS by position
SELECT card, count(*) FROM shop.users GROUP BY GROUPING SETS ((1), ())
-- PERMISSION_DENIED: HAVING
SELECT count(*) FROM shop.users HAVING max(email) > 'm'
-- PERMISSION_DENIED: DISTINCT
SELECT DISTINCT email FROM shop.users
-- PERMISSION_DENIED: DISTINCT *
SELECT DISTINCT * FROM shop.users
-- PERMISSION_DENIED: DISTINCT ON
SELECT DISTINCT ON (email) id FROM shop.users
-- PERMISSION_DENIED: an aggregate
SELECT string_agg(email, ',') FROM shop.users
-- PERMISSION_DENIED: an aggregate's order
SELECT array_agg(id ORDER BY email) FROM shop.users
-- PERMISSION_DENIED: an aggregate's filter
SELECT count(*) FILTER (WHERE email LIKE 'u%') FROM shop.users
-- PERMISSION_DENIED: count of the column
SELECT count(email), count(DISTINCT email) FROM shop.users
-- PERMISSION_DENIED: a window's order
SELECT rank() OVER (ORDER BY email) FROM shop.users
-- PERMISSION_DENIED: a named window
SELECT rank() OVER w FROM shop.users WINDOW w AS (PARTITION BY email)
-- PERMISSION_DENIED: a window function's value
SELECT lag(email) OVER (ORDER BY id) FROM shop.users
-- PERMISSION_DENIED: CASE
SELECT CASE WHEN email LIKE 'u%' THEN 1 END FROM shop.users
-- PERMISSION_DENIED: COALESCE
SELECT coalesce(email, 'x') FROM shop.users
-- PERMISSION_DENIED: a row
SELECT ROW(id, email) FROM shop.users
-- PERMISSION_DENIED: an array
SELECT ARRAY[email] FROM shop.users
-- PERMISSION_DENIED: an array of a subquery
SELECT ARRAY(SELECT email FROM shop.users)
-- PERMISSION_DENIED: a subquery in FROM
SELECT email FROM (SELECT email FROM shop.users) s
-- PERMISSION_DENIED: a subquery in FROM under another name
SELECT x FROM (SELECT email AS x FROM shop.users) s
-- PERMISSION_DENIED: * in a subquery
SELECT * FROM (SELECT * FROM shop.users) s
-- PERMISSION_DENIED: * of the table in a subquery
SELECT s.email FROM (SELECT u.* FROM shop.users u) s
-- PERMISSION_DENIED: TABLE in a subquery
SELECT * FROM (TABLE shop.users) s
-- PERMISSION_DENIED: a column alias list of a subquery
SELECT c FROM (SELECT * FROM shop.users) s(a, b, c)
-- PERMISSION_DENIED: a column alias list
SELECT c || '' FROM shop.users AS u(a, b, c)
-- PERMISSION_DENIED: a CTE
WITH u AS (SELECT * FROM shop.users) SELECT email FROM u
-- PERMISSION_DENIED: a CTE with a column list
WITH u(a, b, c) AS (SELECT id, name, email FROM shop.users) SELECT c FROM u
-- PERMISSION_DENIED: a recursive CTE
WITH RECURSIVE r AS (SELECT id, email FROM shop.users UNION ALL SELECT id + 1, email FROM r WHERE id < 3) SELECT * FROM r
-- PERMISSION_DENIED: a scalar subquery
SELECT (SELECT email FROM shop.users LIMIT 1)
-- PERMISSION_DENIED: a subquery in WHERE
SELECT 1 WHERE 'user1@example.com' IN (SELECT email FROM shop.users)
-- PERMISSION_DENIED: a condition in EXISTS
SELECT 1 WHERE EXISTS (SELECT * FROM shop.users WHERE email LIKE 'u%')
-- PERMISSION_DENIED: a lateral subquery
SELECT l.x FROM shop.users u, LATERAL (SELECT u.email AS x) l
-- PERMISSION_DENIED: lateral VALUES
SELECT l.x FROM shop.users u, LATERAL (VALUES (u.email)) l(x)
-- PERMISSION_DENIED: a lateral function
SELECT f FROM shop.users u, LATERAL regexp_split_to_table(u.email, '@') f
-- PERMISSION_DENIED: UNION
SELECT email FROM shop.users UNION SELECT 'x'
-- PERMISSION_DENIED: UNION ALL
SELECT 'x' UNION ALL SELECT email FROM shop.users
-- PERMISSION_DENIED: * in EXCEPT
(SELECT * FROM shop.users) EXCEPT (SELECT * FROM shop.users WHERE id = 1)
-- PERMISSION_DENIED: INTERSECT as an oracle
SELECT 'user1@example.com' INTERSECT SELECT email FROM shop.users
-- PERMISSION_DENIED: JOIN ON
SELECT u.id FROM shop.users u JOIN shop.orders o ON o.email = u.email
-- PERMISSION_DENIED: JOIN USING
SELECT o.id FROM shop.users JOIN shop.orders o USING (email)
-- PERMISSION_DENIED: FULL JOIN USING, whose column is of no table
SELECT email FROM shop.users FULL JOIN shop.orders USING (email)
-- PERMISSION_DENIED: a natural join
SELECT 1 FROM shop.users NATURAL JOIN shop.orders
-- PERMISSION_DENIED: an alias of a join
SELECT j.email || '' FROM (shop.users u CROSS JOIN shop.effects) AS j
-- PERMISSION_DENIED: column aliases of a join
SELECT c FROM (shop.users u CROSS JOIN shop.effects) AS j(a, b, c)
-- PERMISSION_DENIED: a whole row
SELECT u FROM shop.users u
-- PERMISSION_DENIED: a whole row by the table's name
SELECT users FROM shop.users
-- PERMISSION_DENIED: a whole row as text
SELECT u::text FROM shop.users u
-- PERMISSION_DENIED: a whole row as JSON
SELECT row_to_json(u) FROM shop.users u
-- PERMISSION_DENIED: a whole row as JSON in the notation of a column
SELECT u.row_to_json FROM shop.users u
-- PERMISSION_DENIED: a whole row as jsonb in the notation of a column
SELECT users.to_jsonb FROM shop.users
-- PERMISSION_DENIED: whole rows in an aggregate
SELECT json_agg(u) FROM shop.users u
-- PERMISSION_DENIED: whole rows in an aggregate in the notation of a column
SELECT u.json_agg FROM shop.users u
-- PERMISSION_DENIED: a field of a whole row
SELECT (u).email FROM shop.users u
-- PERMISSION_DENIED: every field of a whole row
SELECT (u).* FROM shop.users u
-- PERMISSION_DENIED: functional notation
SELECT email(u) FROM shop.users u
-- PERMISSION_DENIED: functional notation with the table's name
SELECT card(users) FROM shop.users
-- PERMISSION_DENIED: comparison of whole rows
SELECT id FROM shop.users u WHERE u > ROW(1, 'x', 'm', '', 1, NULL)
-- PERMISSION_DENIED: whole rows in ORDER BY
SELECT id FROM shop.users u ORDER BY u
-- PERMISSION_DENIED: * in a row
SELECT ROW(u.*) FROM shop.users u
-- PERMISSION_DENIED: * as arguments
SELECT concat(u.*) FROM shop.users u
-- PERMISSION_DENIED: count of whole rows
SELECT count(u.*) FROM shop.users u
-- PERMISSION_DENIED: a whole row in a subquery
SELECT s.r FROM (SELECT u AS r FROM shop.users u) s
-- PERMISSION_DENIED: a whole row through a lateral function
SELECT j.value FROM shop.users u, LATERAL jsonb_each_text(to_jsonb(u)) j
-- PERMISSION_DENIED: a quoted column
SELECT "email" || '' FROM shop.users
-- PERMISSION_DENIED: a column in capitals
SELECT UPPER(EMAIL) FROM SHOP.USERS
-- PERMISSION_DENIED: a column in Unicode escapes
SELECT U&"em\0061il" || '' FROM shop.users
-- PERMISSION_DENIED: a table in Unicode escapes
SELECT email || '' FROM shop.U&"us\0065rs"
-- PERMISSION_DENIED: the table by search_path
SELECT email || '' FROM users
-- PERMISSION_DENIED: the table with its database
SELECT lower(users.email) FROM attacks.shop.users
-- PERMISSION_DENIED: ONLY
SELECT max(email) FROM ONLY shop.users
-- PERMISSION_DENIED: a sample
SELECT max(email) FROM shop.users TABLESAMPLE system (100)
-- PERMISSION_DENIED: under EXPLAIN ANALYZE, whose row counts tell
EXPLAIN ANALYZE SELECT 1 FROM shop.users WHERE email LIKE 'u%'
-- PERMISSION_DENIED: under EXPLAIN, whose estimates tell
EXPLAIN SELECT 1 FROM shop.users WHERE email = 'user1@example.com'
-- PERMISSION_DENIED: the planner's statistics
SELECT most_common_vals FROM pg_stats WHERE attname = 'email'
-- PERMISSION_DENIED superuser: the planner's statistics as stored
SELECT stavalues1 FROM pg_statistic
-- PERMISSION_DENIED: extended statistics
SELECT * FROM pg_stats_ext
-- PERMISSION_DENIED: a view under another name
SELECT contact FROM shop.user_view
-- PERMISSION_DENIED: a view of a view
SELECT contact FROM user_view_again
-- PERMISSION_DENIED: a view that does not even show the column here
SELECT id FROM user_view
-- PERMISSION_DENIED: a copy
SELECT email FROM user_copy
-- PERMISSION_DENIED: an expression over a view with a rule of its own
SELECT lower(email) FROM ruled_view
-- PERMISSION_DENIED: a function that reads the column
SELECT email_of(1)
-- PERMISSION_DENIED: a function that returns rows
SELECT * FROM any_users()
-- PERMISSION_DENIED: a partition of a table with a rule
SELECT lower(secret) FROM shop.people_eu
-- PERMISSION_DENIED: a partitioned table
SELECT id FROM people WHERE secret = 'a'
-- PERMISSION_DENIED: a view of a partition
SELECT * FROM secret_view
-- PERMISSION_DENIED: the parent of a table with a rule
SELECT max(phone) FROM staff
-- PERMISSION_DENIED: the parent's whole row
SELECT staff FROM staff
-- PERMISSION_DENIED: the child itself
SELECT phone || '' FROM managers
-- PERMISSION_DENIED: a table as XML
SELECT table_to_xml('shop.users', true, true, '')
-- PERMISSION_DENIED: SQL in text
SELECT query_to_xml('SELECT email FROM shop.users', true, true, '')
-- PERMISSION_DENIED: a text search over the table
SELECT word FROM ts_stat('SELECT to_tsvector(email) FROM shop.users')
-- PERMISSION_DENIED: a JSON path over the row
SELECT jsonb_path_query(to_jsonb(users), '$.email') FROM users
-- PERMISSION_DENIED: a subscript of the whole row as an array
SELECT (ARRAY[u])[1].email FROM shop.users u
-- PERMISSION_DENIED: another table's row of the same name
SELECT u.email FROM shop.orders u WHERE EXISTS (SELECT 1 FROM shop.users u WHERE u.email = 'x')
-- PERMISSION_DENIED: the outer row seen from inside
SELECT (SELECT u.card) FROM shop.users u
-- PERMISSION_DENIED: the outer rows whole, seen from inside
SELECT (SELECT row_to_json(u)) FROM shop.users u
-- PERMISSION_DENIED: a limit that depends on the value
SELECT id FROM shop.users LIMIT (SELECT length(email) FROM shop.users LIMIT 1)

-- a constant
SELECT 1
-- the version
SELECT version(), current_database(), current_user, now() > '2020-01-01'
-- VALUES
VALUES (1, 'a'), (2, 'b')
-- TABLE
TABLE products
-- arithmetic
SELECT 1 + 2 * 3 - 4 / 2 % 5, 5 ^ 2, -5, +3, |/ 25.0, @ -5, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 3
-- a count
SELECT count(*) FROM orders
-- a filter with parameters params=[100,"paid"]
SELECT id, total FROM orders WHERE total > $1 AND status = $2 ORDER BY total DESC NULLS LAST, id LIMIT 10 OFFSET 5
-- grouping
SELECT country, segment, count(*), avg(extract(year FROM signed_up)) FROM customers GROUP BY country, segment HAVING count(*) > 2 ORDER BY 3 DESC
-- DISTINCT ON
SELECT DISTINCT ON (customer_id) customer_id, id, placed_at FROM orders ORDER BY customer_id, placed_at DESC
-- GROUPING SETS
SELECT country, segment, grouping(country, segment), count(*) FROM customers GROUP BY GROUPING SETS ((country, segment), (country), ())
-- ROLLUP
SELECT date_trunc('month', placed_at) AS m, status, sum(total) FROM orders GROUP BY ROLLUP (1, status) ORDER BY 1, 2
-- CUBE
SELECT c.country, o.status, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY CUBE (c.country, o.status)
-- GROUP BY DISTINCT
SELECT country, segment, count(*) FROM customers GROUP BY DISTINCT ROLLUP (country, segment), ROLLUP (country)
-- FILTER
SELECT count(*) FILTER (WHERE status = 'paid') AS paid, count(*) FILTER (WHERE status = 'returned')::numeric / count(*) AS returns FROM orders
-- percentiles
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders
-- hypothetical sets
SELECT rank(100) WITHIN GROUP (ORDER BY total), percent_rank(100) WITHIN GROUP (ORDER BY total), cume_dist(100) WITHIN GROUP (ORDER BY total) FROM orders
-- statistics
SELECT corr(total, id), regr_slope(total, id), regr_r2(total, id), stddev_samp(total), var_pop(total), covar_pop(total, id) FROM orders
-- aggregates of text and arrays
SELECT country, string_agg(name, ', ' ORDER BY name), array_agg(DISTINCT segment), bool_and(id > 0), bit_or(id) FROM customers GROUP BY country
-- aggregates of JSON
SELECT json_agg(c), jsonb_object_agg(id, name), json_agg(json_build_object('n', name) ORDER BY id) FROM customers c WHERE id < 5
-- running total
SELECT id, placed_at, sum(total) OVER (ORDER BY placed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM orders
-- moving average
SELECT at, avg(value) OVER (PARTITION BY sensor ORDER BY at ROWS 6 PRECEDING) FROM measures
-- RANGE frame
SELECT id, count(*) OVER (ORDER BY placed_at RANGE BETWEEN INTERVAL '1 day' PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM orders
-- GROUPS frame
SELECT id, sum(total) OVER (ORDER BY status GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM orders
-- ranks
SELECT name, row_number() OVER w, rank() OVER w, dense_rank() OVER w, ntile(4) OVER w, percent_rank() OVER w FROM employees WINDOW w AS (PARTITION BY department ORDER BY salary DESC)
-- lag and lead
SELECT month, revenue, revenue - lag(revenue, 1, 0) OVER (ORDER BY month) AS change, lead(revenue) OVER (ORDER BY month) FROM monthly
-- first and nth value
SELECT id, first_value(id) OVER w, last_value(id) OVER w, nth_value(id, 2) OVER w FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY placed_at)
-- windows over aggregates
SELECT country, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS share FROM customers GROUP BY country
-- inherited window
SELECT id, sum(total) OVER (w ORDER BY id) FROM orders WINDOW w AS (PARTITION BY status)
-- a CTE
WITH big AS (SELECT * FROM orders WHERE total > 300) SELECT count(*), avg(total) FROM big
-- CTEs that use each other
WITH a AS (SELECT customer_id, sum(total) AS s FROM orders GROUP BY 1), b AS (SELECT avg(s) AS m FROM a) SELECT a.* FROM a, b WHERE a.s > b.m
-- a materialized CTE
WITH m AS MATERIALIZED (SELECT * FROM orders), n AS NOT MATERIALIZED (SELECT * FROM customers) SELECT count(*) FROM m JOIN n ON n.id = m.customer_id
-- a CTE named as a table
WITH orders AS (SELECT * FROM orders WHERE status = 'paid') SELECT count(*) FROM orders
-- hierarchy
WITH RECURSIVE chain AS (SELECT id, name, manager_id, 1 AS depth, ARRAY[id] AS path FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.name, e.manager_id, c.depth + 1, c.path || e.id FROM employees e JOIN chain c ON e.manager_id = c.id) SELECT * FROM chain ORDER BY path
-- Fibonacci
WITH RECURSIVE f(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM f WHERE b < 1000) SELECT a FROM f
-- depth first
WITH RECURSIVE t AS (SELECT id, manager_id FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id, e.manager_id FROM employees e JOIN t ON e.manager_id = t.id) SEARCH DEPTH FIRST BY id SET ordering SELECT * FROM t ORDER BY ordering
-- breadth first
WITH RECURSIVE t AS (SELECT id FROM employees WHERE manager_id IS NULL UNION ALL SELECT e.id FROM employees e JOIN t ON e.manager_id = t.id) SEARCH BREADTH FIRST BY id SET ordering SELECT id FROM t ORDER BY ordering
-- cycles
WITH RECURSIVE walk AS (SELECT a, b FROM edges WHERE a = 1 UNION ALL SELECT e.a, e.b FROM edges e JOIN walk w ON e.a = w.b) CYCLE a SET is_cycle USING path SELECT * FROM walk
-- mandelbrot
WITH RECURSIVE x(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM x WHERE i < 20), z(ix, cx, x, i) AS (SELECT i, (-2.2 + 0.16 * i)::float, (-2.2 + 0.16 * i)::float, 0 FROM x UNION ALL SELECT ix, cx, x * x + cx, i + 1 FROM z WHERE i < 10 AND abs(x) < 2) SELECT ix, max(i) FROM z GROUP BY ix
-- LATERAL
SELECT c.name, last.* FROM customers c CROSS JOIN LATERAL (SELECT id, total FROM orders o WHERE o.customer_id = c.id ORDER BY placed_at DESC LIMIT 2) last
-- LEFT JOIN LATERAL
SELECT c.id, x.n FROM customers c LEFT JOIN LATERAL (SELECT count(*) AS n FROM events e WHERE e.customer_id = c.id) x ON true
-- joins of every kind
SELECT count(*) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id RIGHT JOIN order_items i ON i.order_id = o.id FULL JOIN products p ON p.id = i.product_id
-- USING and NATURAL
SELECT count(*) FROM order_items JOIN (SELECT id AS order_id FROM orders) o USING (order_id) NATURAL JOIN (SELECT id AS product_id, price FROM products) p
-- a named USING
SELECT k.order_id FROM order_items JOIN (SELECT id AS order_id FROM orders) o USING (order_id) AS k LIMIT 3
-- an alias of a join
SELECT j.country FROM (customers c JOIN (SELECT customer_id FROM orders) o ON o.customer_id = c.id) AS j LIMIT 3
-- EXISTS and NOT EXISTS
SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > 390) AND NOT EXISTS (SELECT FROM events e WHERE e.customer_id = c.id AND e.kind = 'none')
-- IN, ANY and ALL
SELECT id FROM orders WHERE status IN ('paid', 'new') AND total > ALL (SELECT price FROM products WHERE id < 5) AND customer_id = ANY (ARRAY[1, 2, 3]) AND (id, customer_id) NOT IN (SELECT 1, 2)
-- scalar subqueries
SELECT name, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c ORDER BY 2 DESC NULLS LAST LIMIT 5
-- UNION, INTERSECT and EXCEPT
(SELECT customer_id FROM orders EXCEPT SELECT customer_id FROM events) UNION ALL (SELECT id FROM customers INTERSECT SELECT id FROM products) ORDER BY 1
-- CASE
SELECT CASE status WHEN 'new' THEN 1 WHEN 'paid' THEN 2 ELSE 3 END, CASE WHEN total > 200 THEN 'big' ELSE 'small' END, count(*) FROM orders GROUP BY 1, 2
-- COALESCE and others
SELECT coalesce(note, 'none'), nullif(total, 0), greatest(total, 10), least(id, 5), total IS DISTINCT FROM 0, note IS NULL, (total > 5) IS NOT TRUE FROM orders LIMIT 5
-- text functions
SELECT upper(name), left(name, 3), split_part(name, ' ', 2), regexp_replace(name, '\d+', '#'), format('%s-%I', id, name), concat_ws(',', id, name), lpad(id::text, 4, '0'), initcap(name), position('e' IN name), substring(name FROM 2 FOR 3), trim(BOTH 'C' FROM name), overlay(name PLACING 'xx' FROM 1 FOR 2), reverse(name), md5(name), encode(sha256(name::bytea), 'hex') FROM customers LIMIT 3
-- pattern matching
SELECT name FROM customers WHERE name LIKE 'Cus%' AND name ILIKE '%ER 1%' AND name ~ '^C' AND name !~* 'zzz' AND name SIMILAR TO '%1%' AND name NOT LIKE '%\%%' ESCAPE '\'
-- regular expressions
SELECT regexp_matches(name, '(\w+) (\d+)'), regexp_split_to_array(name, '\s') FROM customers LIMIT 3
-- dates
SELECT date_trunc('quarter', placed_at), extract(dow FROM placed_at), age(placed_at), to_char(placed_at, 'YYYY-MM'), date_part('hour', placed_at), placed_at AT TIME ZONE 'Europe/Berlin', placed_at::date + 1, placed_at - INTERVAL '1 month 2 days', make_date(2024, 2, 29), justify_interval(INTERVAL '40 days'), date_bin('15 minutes', placed_at, TIMESTAMPTZ '2001-01-01 00:00+00'), isfinite(placed_at), (placed_at, INTERVAL '1 day') OVERLAPS (now(), INTERVAL '1 day') FROM orders LIMIT 3
-- the calendar
SELECT d::date, count(o.id) FROM generate_series(DATE '2023-01-01', DATE '2023-01-31', INTERVAL '1 day') d LEFT JOIN orders o ON o.placed_at::date = d::date GROUP BY 1 ORDER BY 1
-- a series with ordinality
SELECT * FROM generate_series(10, 1, -3) WITH ORDINALITY AS s(value, position)
-- ROWS FROM
SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) AS r(n, t)
-- arrays
SELECT tags[1], tags[1:2], array_length(tags, 1), cardinality(tags), tags @> ARRAY['tag1'], tags && ARRAY['tag2'], 'tag0' = ANY (tags), array_to_string(tags, '|'), array_position(tags, 'tag1'), tags || 'x'::text FROM customers LIMIT 5
-- unnest
SELECT t, count(*) FROM customers, unnest(tags) t GROUP BY t ORDER BY 2 DESC
-- unnest in parallel
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS u(n, t)
-- array of a subquery
SELECT ARRAY(SELECT id FROM products WHERE price > 30 ORDER BY id), ARRAY[[1, 2], [3, 4]]
-- composites
SELECT (home).city, (c.home).zip, (home).* FROM customers c LIMIT 3
-- a function of a row
SELECT full_label(c), c.full_label FROM customers c LIMIT 3
-- a row constructor
SELECT ROW(1, 'a'), (1, 2) < (1, 3), ROW(1, 2) = ROW(1, 2)
-- enums
SELECT status, enum_range(NULL::order_status), 'paid'::order_status > 'new' FROM orders GROUP BY status
-- domains
SELECT price::positive_amount, CAST('12.5' AS positive_amount), positive_amount '3' FROM products LIMIT 2
-- ranges
SELECT id FROM bookings WHERE during && tsrange('2024-01-05', '2024-01-10', '[)') AND days @> DATE '2024-01-08'
-- range functions
SELECT lower(during), upper(during), upper(days) - lower(days), isempty(during), during -|- during, range_merge(days, days) FROM bookings LIMIT 3
-- a range of one's own
SELECT band @> 3.0, lower(band), price_range(1, 5) && band FROM products LIMIT 3
-- multiranges
SELECT room, range_agg(days), unnest(range_agg(days)) FROM bookings GROUP BY room
-- gaps between bookings
SELECT room, upper(during) AS free_from, lead(lower(during)) OVER (PARTITION BY room ORDER BY during) AS free_to FROM bookings
-- JSON operators
SELECT attributes -> 'sizes' -> 0, attributes ->> 'color', attributes #> '{dims,w}', attributes #>> '{dims,w}', attributes @> '{"color":"red"}', attributes ? 'color', attributes ?| ARRAY['a'], attributes - 'dims', attributes || '{"a":1}' FROM products LIMIT 3
-- JSON subscripts
SELECT payload['items'][0]['sku'], payload['page'] FROM events LIMIT 3
-- JSON functions
SELECT jsonb_array_length(attributes -> 'sizes'), jsonb_typeof(attributes), jsonb_set(attributes, '{dims,w}', '1'), jsonb_pretty(attributes), jsonb_strip_nulls(attributes), to_jsonb(p), row_to_json(p) FROM products p LIMIT 2
-- JSON sets
SELECT p.id, s.value::int, e.key FROM products p, jsonb_array_elements(p.attributes -> 'sizes') s, jsonb_each(p.attributes) e LIMIT 5
-- JSON path
SELECT jsonb_path_query(payload, '$.items[*].sku'), jsonb_path_exists(payload, '$.ms ? (@ > 500)'), payload @? '$.items[*] ? (@.qty > 1)', payload @@ '$.ms > 100' FROM events LIMIT 5
-- JSON path with variables
SELECT count(*) FROM events WHERE jsonb_path_match(payload, '$.ms > $limit', '{"limit": 300}')
-- JSON to rows
SELECT r.* FROM events, jsonb_to_recordset(payload -> 'items') AS r(sku int, qty int) LIMIT 5
-- JSON to a record
SELECT * FROM jsonb_to_record('{"a":1,"b":"x"}') AS x(a int, b text)
-- JSON to a row of a table
SELECT (jsonb_populate_record(NULL::products, '{"id": 5, "name": "x"}')).name
-- json_object of arrays
SELECT json_object('{a,1,b,2}'), json_object(ARRAY['a'], ARRAY['1']), json_build_array(1, 'x')
-- JSON constructors min=16
SELECT JSON_OBJECT('a': 1, 'b': 'x' ABSENT ON NULL), JSON_ARRAY(1, 2, 'x'), JSON_ARRAYAGG(id ORDER BY id), JSON_OBJECTAGG(name: id) FROM products WHERE id < 4
-- IS JSON min=16
SELECT '{"a":1}' IS JSON OBJECT, 'x' IS NOT JSON
-- JSON_TABLE min=17
SELECT t.* FROM events, JSON_TABLE(payload, '$.items[*]' COLUMNS (n FOR ORDINALITY, sku int PATH '$.sku', qty int PATH '$.qty' DEFAULT 0 ON EMPTY)) t LIMIT 5
-- JSON_VALUE and JSON_QUERY min=17
SELECT JSON_VALUE(payload, '$.ms' RETURNING int), JSON_QUERY(payload, '$.items' WITH WRAPPER), JSON_EXISTS(payload, '$.page') FROM events LIMIT 3
-- nested JSON_TABLE min=17
SELECT * FROM JSON_TABLE('[{"a":1,"b":[1,2]}]'::jsonb, '$[*]' COLUMNS (a int, NESTED PATH '$.b[*]' COLUMNS (b int PATH '$'))) AS t
-- any_value min=16
SELECT country, any_value(name) FROM customers GROUP BY country
-- full text
SELECT id, ts_rank(search, q), ts_headline('english', body, q) FROM documents, to_tsquery('english', 'fox & dog') q WHERE search @@ q ORDER BY 2 DESC
-- web search
SELECT id FROM documents WHERE search @@ websearch_to_tsquery('english', '"brown fox" -cat') OR search @@ plainto_tsquery('report')
-- lexemes
SELECT word, count(*) FROM documents, unnest(tsvector_to_array(search)) word GROUP BY 1 ORDER BY 2 DESC LIMIT 5
-- a rewritten text search
SELECT ts_rewrite('fox & dog'::tsquery, 'dog'::tsquery, 'hound'::tsquery), setweight(to_tsvector('a b'), 'A'), numnode('a & b'::tsquery)
-- trigrams needs=pg_trgm
SELECT name, similarity(name, 'Custmer'), name % 'Customer 1', name <-> 'Customer 1' FROM customers ORDER BY name <-> 'Customer 1' LIMIT 5
-- hstore needs=hstore
SELECT 'a=>1,b=>2'::hstore -> 'a', hstore_to_jsonb('a=>1'), hstore(ARRAY['a', '1'])
-- case-insensitive text needs=citext
SELECT name::citext = 'customer 1' FROM customers LIMIT 3
-- a sample
SELECT count(*) FROM orders TABLESAMPLE bernoulli (50) REPEATABLE (7)
-- a system sample
SELECT count(*) FROM orders TABLESAMPLE system (100)
-- partitions
SELECT tableoid::regclass, count(*), avg(value) FROM measures WHERE at >= '2023-12-01' GROUP BY 1
-- one partition
SELECT max(value) FROM ONLY measures_2024
-- a view
SELECT * FROM customer_revenue WHERE revenue > 1000 ORDER BY revenue DESC
-- a view of a view
SELECT name, rank FROM top_customers WHERE rank <= 3
-- a materialized view
SELECT month, revenue FROM monthly ORDER BY month
-- a function of one's own
SELECT id, net(total), net(total, rate => 0.07), net(gross => total) FROM orders LIMIT 3
-- an aggregate of one's own
SELECT product_of(1 + weight / 100.0) FROM edges
-- an operator of one's own
SELECT count(*) FROM orders WHERE total ~~~ 100.0 OR total OPERATOR(public.~~~) 50.0
-- a pivot
SELECT customer_id, sum(total) FILTER (WHERE status = 'new') AS new, sum(total) FILTER (WHERE status = 'paid') AS paid, sum(CASE WHEN status = 'shipped' THEN total ELSE 0 END) AS shipped FROM orders GROUP BY customer_id
-- an unpivot
SELECT p.id, v.key, v.value FROM products p CROSS JOIN LATERAL (VALUES ('name', p.name), ('category', p.category)) v(key, value)
-- cohorts
WITH first AS (SELECT customer_id, min(date_trunc('month', placed_at)) AS cohort FROM orders GROUP BY 1) SELECT cohort, date_trunc('month', o.placed_at) AS month, count(DISTINCT o.customer_id) FROM orders o JOIN first USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2
-- sessions
WITH gaps AS (SELECT *, CASE WHEN at - lag(at) OVER (PARTITION BY customer_id ORDER BY at) > INTERVAL '30 minutes' THEN 1 ELSE 0 END AS begins FROM events) SELECT customer_id, sum(begins) OVER (PARTITION BY customer_id ORDER BY at) AS session, kind FROM gaps
-- a funnel
SELECT count(*) FILTER (WHERE views > 0), count(*) FILTER (WHERE carts > 0), count(*) FILTER (WHERE buys > 0) FROM (SELECT customer_id, count(*) FILTER (WHERE kind = 'view') AS views, count(*) FILTER (WHERE kind = 'cart') AS carts, count(*) FILTER (WHERE kind = 'buy') AS buys FROM events GROUP BY 1) f
-- islands
SELECT sensor, min(at), max(at), count(*) FROM (SELECT sensor, at, at - (row_number() OVER (PARTITION BY sensor ORDER BY at))::int AS island FROM measures) x GROUP BY sensor, island ORDER BY 1, 2
-- a histogram
SELECT width_bucket(total, 0, 400, 8) AS bucket, count(*), repeat('#', (count(*) / 5)::int) FROM orders GROUP BY 1 ORDER BY 1
-- a median by group
SELECT category, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS median FROM products GROUP BY category
-- shares of a Pareto
SELECT product_id, sum(quantity) AS n, sum(sum(quantity)) OVER (ORDER BY sum(quantity) DESC) / sum(sum(quantity)) OVER () AS share FROM order_items GROUP BY 1
-- pairs bought together
SELECT a.product_id, b.product_id, count(*) FROM order_items a JOIN order_items b ON a.order_id = b.order_id AND a.product_id < b.product_id GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10
-- WITH TIES
SELECT name, salary FROM employees ORDER BY salary / 100 DESC FETCH FIRST 3 ROWS WITH TIES
-- quoted names and Unicode
SELECT name AS "Der Name", U&"n\0061me" AS U&"\0441" FROM customers AS "C" LIMIT 1
-- string syntaxes
SELECT 'it''s', E'a\tb', $$dollar$$, $tag$x$tag$, U&'\0041', 'a'
  'b', B'101', X'1F'
-- numbers
SELECT 1.5e3, .5, 5., 12345678901234567890, 'NaN'::float, 'Infinity'::numeric = 'Infinity', round(2.5), trunc(-1.5), mod(7, 3), div(7, 2), gcd(12, 18), power(2, 10), log(100.0), ln(2.0), factorial(5), pi()
-- random numbers and UUIDs
SELECT random() < 2, gen_random_uuid() IS NOT NULL, clock_timestamp() >= now(), length(md5(random()::text))
-- a random sample
SELECT id FROM customers ORDER BY random() LIMIT 3
-- casts
SELECT '2024-01-01'::date, CAST(1 AS text), '{1,2}'::int[], 'a'::char(3), 1::bool, '1 day'::interval, '10.0.0.1'::inet, '(1,2)'::point, 'orders'::regclass, int4 '5', float8 '1.5', DATE '2024-02-29', TIMESTAMP '2024-01-01 10:00', text 'x'
-- network and geometry
SELECT host(inet '10.0.0.1/24'), network(inet '10.0.0.1/24'), inet '10.0.0.1' << inet '10.0.0.0/8', point(1, 2) <-> point(3, 4), box '((0,0),(1,1))' @> point '(0.5,0.5)', area(circle '((0,0),1)')
-- bytes
SELECT encode('abc'::bytea, 'base64'), decode('616263', 'hex'), length('\x00ff'::bytea), get_byte('\x01'::bytea, 0), convert_from('\x616263'::bytea, 'UTF8')
-- collations
SELECT name FROM customers ORDER BY name COLLATE "C" DESC LIMIT 3
-- XML without SQL in it
SELECT xmlelement(name a, xmlattributes(1 AS b), 'c'), xmlforest(1 AS x, 'y' AS z), xmlserialize(CONTENT '<a/>'::xml AS text), xmlagg(xmlelement(name n, id)) FROM products WHERE id < 3
-- XMLTABLE
SELECT * FROM XMLTABLE('/r/i' PASSING ('<r><i n="1">a</i><i n="2">b</i></r>'::xml) COLUMNS n int PATH '@n', v text PATH '.')
-- sizes
SELECT relname, pg_size_pretty(pg_total_relation_size(oid)), pg_relation_size(oid), pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
-- the size of the database
SELECT pg_size_pretty(pg_database_size(current_database())), pg_is_in_recovery()
-- the catalog
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = 'public' AND a.attnum > 0 LIMIT 10
-- the information schema
SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position
-- definitions
SELECT pg_get_viewdef('customer_revenue'::regclass, true), pg_get_constraintdef(oid), pg_get_functiondef('net'::regproc) FROM pg_constraint WHERE conrelid = 'orders'::regclass
-- indexes
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
-- statistics of tables
SELECT relname, n_live_tup, last_vacuum FROM pg_stat_user_tables ORDER BY 1
-- the planner's statistics
SELECT attname, n_distinct, null_frac FROM pg_stats WHERE tablename = 'orders'
-- sessions of the server
SELECT pid, state, pg_blocking_pids(pid), now() - query_start FROM pg_stat_activity
-- locks of the server
SELECT locktype, mode, granted FROM pg_locks LIMIT 5
-- settings
SELECT name, setting, unit FROM pg_settings WHERE name IN ('work_mem', 'shared_buffers')
-- one setting
SELECT current_setting('work_mem'), current_setting('app.tenant', true)
-- roles
SELECT rolname, rolsuper FROM pg_roles
-- privileges
SELECT has_table_privilege('orders', 'SELECT'), pg_has_role('analyst', 'USAGE')
-- the tree of partitions
SELECT * FROM pg_partition_tree('measures')
-- SHOW
SHOW server_version
-- SHOW of several words
SHOW TIME ZONE
-- SHOW ALL
SHOW ALL
-- EXPLAIN
EXPLAIN SELECT * FROM orders WHERE id = 5
-- EXPLAIN with options
EXPLAIN (ANALYZE, BUFFERS, VERBOSE, FORMAT JSON) SELECT customer_id, count(*) FROM orders GROUP BY 1
-- EXPLAIN with parameters in the query
EXPLAIN (COSTS OFF) WITH x AS (SELECT * FROM orders) SELECT * FROM x JOIN customers c ON c.id = x.customer_id
-- a long list
SELECT count(*) FROM orders WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20) OR id BETWEEN SYMMETRIC 60 AND 40
-- comments
/* a /* nested */ comment */ SELECT -- to the end
  count(*) /* ; */ FROM orders -- ;
-- a semicolon
SELECT 1;
-- words that sound like writes
SELECT 'DROP TABLE orders; DELETE' AS "update", note AS "delete" FROM orders AS "insert" WHERE note <> 'COMMIT' LIMIT 1
-- correlated updates of none
SELECT o.id, o.total - avg(o.total) OVER (PARTITION BY o.customer_id) AS above, (SELECT count(*) FROM orders p WHERE p.customer_id = o.customer_id AND p.total > o.total) AS better FROM orders o ORDER BY 2 DESC LIMIT 5
-- waiting a little
SELECT pg_sleep(0.001)
-- ORDER BY USING
SELECT id FROM orders ORDER BY total USING >, id LIMIT 3
-- time zones and current times
SELECT current_date, current_timestamp, localtime, localtimestamp(0), current_time, timezone('UTC', now()), transaction_timestamp() = now(), statement_timestamp() >= now()
-- a normalised string
SELECT normalize('é', NFD) IS NORMALIZED, 'a' IS NFC NORMALIZED, unistr('\0041'), string_to_array('a,b', ','), string_to_table('a,b', ',')
-- collation of an expression
SELECT collation for (name), pg_typeof(tags) FROM customers LIMIT 1

-- PERMISSION_DENIED: SQL in query_to_xml
SELECT query_to_xml('SELECT * FROM shop.users', true, true, '')
-- PERMISSION_DENIED: SQL in query_to_xml_and_xmlschema
SELECT query_to_xml_and_xmlschema('SELECT 1', true, true, '')
-- PERMISSION_DENIED: SQL in query_to_xmlschema
SELECT query_to_xmlschema('SELECT 1', true, true, '')
-- PERMISSION_DENIED: SQL that writes in query_to_xml
SELECT query_to_xml('DELETE FROM shop.orders RETURNING 1', true, true, '')
-- PERMISSION_DENIED: a table by name
SELECT table_to_xml('pg_authid', true, true, '')
-- PERMISSION_DENIED: a table by name with its schema
SELECT table_to_xml_and_xmlschema('shop.users'::regclass, true, true, '')
-- PERMISSION_DENIED: a schema by name
SELECT schema_to_xml('shop', true, true, '')
-- PERMISSION_DENIED: the whole database
SELECT database_to_xml(true, true, '')
-- PERMISSION_DENIED: a cursor
SELECT cursor_to_xml('c', 1, true, true, '')
-- PERMISSION_DENIED: SQL in ts_stat
SELECT * FROM ts_stat('SELECT to_tsvector(email) FROM shop.users')
-- PERMISSION_DENIED: SQL in ts_stat with weights
SELECT word FROM ts_stat('SELECT ''a''::tsvector', 'ab')
-- PERMISSION_DENIED: SQL in ts_rewrite
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')
-- PERMISSION_DENIED: SQL in crosstab
SELECT * FROM crosstab('SELECT 1, 2, 3') AS c(a int, b int)
-- PERMISSION_DENIED: SQL in crosstabN
SELECT * FROM crosstab2('SELECT ''a'', ''b'', ''c''')
-- PERMISSION_DENIED: SQL in crosstab with its schema
SELECT * FROM public.crosstab('SELECT 1, 2, 3', 'SELECT 1') AS c(a int, b int)
-- PERMISSION_DENIED: a table by name in connectby
SELECT * FROM connectby('shop.users', 'id', 'parent_id', '1', 0) AS t(id int, parent_id int, level int)
-- PERMISSION_DENIED: a table by name in xpath_table
SELECT * FROM xpath_table('id', 'email', 'shop.users', '/a', 'true') AS t(id int, a text)
-- PERMISSION_DENIED: a stylesheet
SELECT xslt_process('<a/>', '<b/>')
-- PERMISSION_DENIED: dblink
SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)
-- PERMISSION_DENIED: dblink_connect
SELECT dblink_connect('c', 'host=127.0.0.1')
-- PERMISSION_DENIED: dblink_exec
SELECT dblink_exec('dbname=postgres', 'CREATE TABLE attack (a int)')
-- PERMISSION_DENIED: dblink_exec with its schema
SELECT public.dblink_exec('dbname=postgres', 'COMMIT')
-- PERMISSION_DENIED: dblink_send_query
SELECT dblink_send_query('c', 'SELECT 1')
-- PERMISSION_DENIED: dblink_connect_u
SELECT dblink_connect_u('c', 'host=10.0.0.1 user=postgres')
-- PERMISSION_DENIED: a domain's check by the domain's own input function
SELECT domain_in('x', 'shop.guarded'::regtype, -1)
-- PERMISSION_DENIED: a domain's check by the input function of arrays
SELECT array_in('{x}', 'shop.guarded'::regtype, -1)
-- PERMISSION_DENIED: a domain's check by the input function of rows
SELECT record_in('(x)', 'shop.holder'::regtype, -1)
-- PERMISSION_DENIED: a domain's check by name
SELECT pg_input_is_valid('x', 'shop.guarded')
-- PERMISSION_DENIED: a domain's check and its error
SELECT pg_input_error_info('x', 'shop.guarded')
-- PERMISSION_DENIED superuser needs=file_fdw: a foreign table on a file
SELECT * FROM shop.file_table
-- PERMISSION_DENIED superuser needs=file_fdw: a foreign table on a program
SELECT count(*) FROM shop.program_table
-- PERMISSION_DENIED needs=file_fdw: a foreign table as a partition
SELECT * FROM shop.logs
-- PERMISSION_DENIED needs=file_fdw: a view of a foreign table
SELECT * FROM shop.file_table_view
-- PERMISSION_DENIED: a stub of the procedural language
SELECT plpgsql_validator(1)

-- PERMISSION_DENIED superuser: a quoted function name
SELECT "pg_read_file"('/etc/passwd')
-- PERMISSION_DENIED superuser: a name in Unicode escapes
SELECT U&"pg\005fread\005ffile"('/etc/passwd')
-- PERMISSION_DENIED superuser: a name in Unicode escapes with another escape character
SELECT U&"pg!005fread_file" UESCAPE '!' ('/etc/passwd')
-- PERMISSION_DENIED superuser: a name in long Unicode escapes
SELECT U&"\+000070g_read_file"('/etc/passwd')
-- PERMISSION_DENIED superuser: a name in capitals
SELECT PG_READ_FILE('/etc/passwd')
-- PERMISSION_DENIED superuser: comments inside the name
SELECT pg_catalog./* a */"pg_read_file"/* /* b */ */(-- c
'/etc/passwd')
-- PERMISSION_DENIED superuser: a database before the schema
SELECT postgres.pg_catalog.pg_read_file('/etc/passwd')
-- PERMISSION_DENIED superuser: a schema in Unicode escapes
SELECT U&"pg\005fcatalog".pg_ls_dir('.')
-- PERMISSION_DENIED superuser: a quoted relation
SELECT * FROM "pg_authid"
-- PERMISSION_DENIED superuser: a relation in Unicode escapes
SELECT * FROM U&"pg\005fauthid"
-- PERMISSION_DENIED superuser: a relation with ONLY and an alias
SELECT a.* FROM ONLY (pg_authid) AS a
-- PERMISSION_DENIED: a comment that seems to end the statement
SELECT 1 /* ; */ FROM pg_notify('a', '') -- '
-- PERMISSION_DENIED superuser: behind a string in dollar quotes
SELECT $a$'$a$, $b$;--$b$, pg_read_file($$x$$)
-- PERMISSION_DENIED superuser: behind a string with a backslash, which is no escape
SELECT '\', pg_read_file('x') --'
-- PERMISSION_DENIED superuser: behind a string with escapes
SELECT E'\'', pg_read_file('x')
-- INVALID_ARGUMENT: statements behind a string with a backslash
SELECT '\'; DROP TABLE shop.effects; --'
-- PERMISSION_DENIED superuser: odd white space
SELECT	pg_read_file
(	'x'
)
-- PERMISSION_DENIED superuser: a form feed and a carriage return
SELECT\u{c}pg_read_file\u{d}('x')
-- INVALID_ARGUMENT: a NUL byte behind a harmless query
SELECT 1\u{0}; DROP TABLE shop.effects
-- INVALID_ARGUMENT: a NUL byte in a name
SELECT pg_sleep\u{0}(1)
-- INVALID_ARGUMENT: a NUL byte before everything
\u{0}SELECT 1
-- INVALID_ARGUMENT: half of a surrogate pair
SELECT '\u{d800}'
-- INVALID_ARGUMENT: an unfinished comment
SELECT 1 /* ; DROP TABLE shop.effects
-- INVALID_ARGUMENT: an unfinished string
SELECT 'x; DROP TABLE shop.effects
-- INVALID_ARGUMENT: no SQL
drop the table please
-- INVALID_ARGUMENT: a psql command
\! id
-- INVALID_ARGUMENT: full-width letters are no keyword
\u{ff24}\u{ff32}\u{ff2f}\u{ff30} TABLE shop.effects
-- PERMISSION_DENIED: a no-break space is part of a name
SELECT pg_notify('a','b') AS x\u{a0}FROM
-- PERMISSION_DENIED: temporary functions
SELECT pg_temp.f()
-- PERMISSION_DENIED: temporary tables
SELECT * FROM pg_temp.t

-- Passwords for the roles of roles.sql, and one analyst, from the environment of psql 15 or newer: a password is neither
-- an argument nor in a file. May be repeated.
--
--     INGESTER_SECRET=… CLEANER_SECRET=… ANALYST_SECRET=… psql -d lake -f logins.sql
\set ON_ERROR_STOP on
\getenv ingester INGESTER_SECRET
\getenv cleaner CLEANER_SECRET
\getenv analyst ANALYST_SECRET

-- Statements that fail are not to be logged with the passwords in them. Only a superuser can say so.
\o /dev/null
SELECT set_config('log_min_error_statement', 'panic', false) FROM pg_roles WHERE rolname = current_user AND rolsuper;
\o

ALTER ROLE millrace_ingester LOGIN PASSWORD :'ingester';
ALTER ROLE millrace_cleaner LOGIN PASSWORD :'cleaner';
SELECT 'CREATE USER analyst IN ROLE millrace_analyst' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') \gexec
ALTER USER analyst PASSWORD :'analyst';

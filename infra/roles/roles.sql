-- The roles of a lake's catalog, for the database that this is sent to, which should hold nothing else. Plain SQL for any
-- client; may be repeated. As a superuser, or as an owner of the database who may create roles:
--
--     psql -d lake -f roles.sql
--
-- Then give the two that work their passwords, and make a user for each analyst:
--
--     ALTER ROLE millrace_ingester LOGIN PASSWORD '…';
--     ALTER ROLE millrace_cleaner LOGIN PASSWORD '…';
--     CREATE USER ann PASSWORD '…' IN ROLE millrace_analyst;
--
-- DuckLake makes tables as it goes, for rows that it keeps in the catalog, and who makes a table owns it. So ingester and
-- cleaner log in as these roles themselves, and what one makes is granted to the others. A user of another name needs two
-- statements: CREATE USER name PASSWORD '…' IN ROLE millrace_ingester; ALTER USER name SET role = millrace_ingester;
--
-- Run `millrace init` as millrace_cleaner, or this script again after it: the cleaner owns the catalog's tables, and the ingester
-- can't delete from them. Producers need no role: they never come here. DuckLake's tables are in the schema public unless its
-- META_SCHEMA says otherwise; then replace that word.

BEGIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['millrace_ingester', 'millrace_cleaner', 'millrace_analyst'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
        -- Default privileges can be set for roles only that one is a member of; a superuser is of all.
        IF NOT pg_has_role(name, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
    -- To alter or drop a table takes its owner or a member of it: the cleaner drops what the ingester made.
    IF NOT pg_has_role('millrace_cleaner', 'millrace_ingester', 'MEMBER') THEN
        GRANT millrace_ingester TO millrace_cleaner;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO millrace_ingester, millrace_cleaner, millrace_analyst', current_database());
    -- DuckDB updates rows by way of temporary tables.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO millrace_ingester, millrace_cleaner', current_database());
    -- A catalog that is there already.
    FOR name IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND starts_with(tablename, 'ducklake_') AND tableowner <> 'millrace_cleaner'
    LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO millrace_cleaner', name);
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO millrace_ingester, millrace_cleaner;
GRANT USAGE ON SCHEMA public TO millrace_analyst;

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO millrace_ingester;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO millrace_analyst;

ALTER DEFAULT PRIVILEGES FOR ROLE millrace_cleaner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE ON TABLES TO millrace_ingester;
ALTER DEFAULT PRIVILEGES FOR ROLE millrace_cleaner IN SCHEMA public GRANT SELECT ON TABLES TO millrace_analyst;
ALTER DEFAULT PRIVILEGES FOR ROLE millrace_ingester IN SCHEMA public GRANT SELECT ON TABLES TO millrace_analyst;

COMMIT;

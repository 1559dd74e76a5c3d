-- The roles of a lake's catalog, in the database that this is sent to. May be repeated. Plain SQL for any client, as a
-- superuser, or as an owner of the database who may create roles:
--
--     psql -d lake -f roles.sql
--
-- Afterwards, for each person or program: CREATE USER name PASSWORD '…' IN ROLE millrace_ingester; (or _cleaner, _analyst).
-- Producers need none: they never touch the catalog.

BEGIN;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['millrace_ingester', 'millrace_cleaner', 'millrace_analyst'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
    END LOOP;
END $$;

COMMIT;

#!/usr/bin/env python3
"""Reads a Millrace lake from Python: the rows of each dataset, and one aggregate. Read only, also while an ingest runs.

    pip install duckdb==1.5.5
    python3 read_lake.py lake.sqlite lake
"""

import argparse
import os
from pathlib import Path

import duckdb


def quoted_text(value):
    return "'" + str(value).replace("'", "''") + "'"


def quoted_name(*parts):
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def extension_directory(given):
    """The folder given, else the one of Millrace's cache when MILLRACE_CACHE names it, else None: DuckDB's own."""
    if given:
        return given
    cache = os.environ.get("MILLRACE_CACHE")
    return Path(cache) / "duckdb" / "extensions" if cache else None


def open_lake(catalog, data, extensions=None):
    # ATTACH would make a new, empty database of a name that was mistyped.
    if not Path(catalog).is_file():
        raise SystemExit(f"there is no catalog {catalog}; 'millrace init' makes it")
    connection = duckdb.connect()
    if extensions:
        connection.execute(f"SET extension_directory = {quoted_text(extensions)}")
    for name in ("ducklake", "sqlite_scanner"):
        if not extensions:
            connection.execute(f"INSTALL {name}")
        connection.execute(f"LOAD {name}")
    connection.execute("SET TimeZone = 'UTC'")
    # The data path must be the one that the lake was made with, written the same way: absolute, with a slash at its end.
    address = quoted_text(f"ducklake:sqlite:{Path(catalog).resolve()}")
    data_path = quoted_text(f"{Path(data).resolve()}/")
    connection.execute(f"ATTACH {address} AS lake (DATA_PATH {data_path}, META_BUSY_TIMEOUT 10000, READ_ONLY)")
    return connection


def main():
    parser = argparse.ArgumentParser(description="Print the rows of each dataset of a lake, and one aggregate.")
    parser.add_argument("catalog", help="the SQLite file of the catalog: lake.catalog without 'sqlite:'")
    parser.add_argument("data", help="the folder of the lake files: lake.data")
    parser.add_argument("--extension-directory", help="where DuckDB's extensions are; else MILLRACE_CACHE, else INSTALL")
    arguments = parser.parse_args()

    lake = open_lake(arguments.catalog, arguments.data, extension_directory(arguments.extension_directory))
    # One transaction reads one snapshot, whatever is committed meanwhile.
    lake.execute("BEGIN TRANSACTION")
    datasets = lake.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = 'lake' AND schema_name <> 'millrace' ORDER BY ALL"
    ).fetchall()
    for schema, table in datasets:
        rows = lake.execute(f"SELECT count(*) FROM {quoted_name('lake', schema, table)}").fetchone()[0]
        print(f"{table if schema == 'main' else schema + '.' + table}: {rows:,} rows")
    if ("main", "flights") in datasets:
        print("flights and mean departure delay by carrier:")
        for carrier, flights, delay in lake.execute(
            "SELECT carrier, count(*), round(avg(dep_delay), 1) FROM lake.flights GROUP BY carrier ORDER BY 2 DESC, 1 LIMIT 5"
        ).fetchall():
            print(f"  {carrier}  {flights:>8,}  {'-' if delay is None else delay:>6} min")
    lake.execute("COMMIT")


if __name__ == "__main__":
    main()

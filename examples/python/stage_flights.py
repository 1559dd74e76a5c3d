#!/usr/bin/env python3
"""Stages a CSV file of flights as one Parquet file, with pyarrow and no library of Millrace.

    pip install pyarrow
    python3 stage_flights.py ../nyc-flights/data/flights.csv.gz ./staging
"""

import os
import sys
import time
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

TEXT = ("carrier", "tailnum", "origin", "dest")


def read_flights(file):
    names = pa.csv.open_csv(file).schema.names
    types = {name: pa.string() if name in TEXT else pa.int32() for name in names}
    types["time_hour"] = pa.timestamp("us", tz="UTC")
    options = pa.csv.ConvertOptions(column_types=types, null_values=["NA", ""], strings_can_be_null=True)
    table = pa.csv.read_csv(file, convert_options=options)
    days = [pc.utf8_lpad(table[part].cast(pa.string()), width, "0") for part, width in (("year", 4), ("month", 2), ("day", 2))]
    return table.add_column(0, "flight_date", pc.binary_join_element_wise(*days, "-").cast(pa.date32()))


def stage(table, staging, dataset, producer):
    """Writes aside, flushes, then links: the file is there whole or not at all, and never replaces another."""
    folder = Path(staging) / dataset / producer
    folder.mkdir(parents=True, exist_ok=True)
    # A name that sorts by time and that nobody else can have.
    name = f"{time.time_ns()}-{uuid.uuid4()}"
    final = folder / f"{name}.parquet"
    # Left behind by a crash, a file of such a name is removed when it is a day old.
    aside = folder / f".spool-{name}"
    try:
        with open(aside, "wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, final)
    finally:
        aside.unlink(missing_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return final


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: stage_flights.py FLIGHTS.csv[.gz] STAGING")
    flights = read_flights(sys.argv[1])
    print(f"staged {flights.num_rows:,} rows as {stage(flights, sys.argv[2], 'flights', 'stage-flights-py')}")

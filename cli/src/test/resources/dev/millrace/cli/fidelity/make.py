"""Makes the Parquet files beside this script that parquet-java can't make. Needs pyarrow (21.0.0 made those that are here); tests
don't. FidelityTest knows what is in them."""

import datetime
import os

import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
PAGES = {
    "id": pa.array(range(100), pa.int64()),
    "text": pa.array([f"text {i % 7}" if i % 10 else None for i in range(100)]),
    "number": pa.array([i * i - 5000 for i in range(100)], pa.int32()),
}


def write(name, columns, **options):
    pq.write_table(pa.table(columns), os.path.join(HERE, name + ".parquet"), store_schema=False, **options)


for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    write("codec_" + codec, PAGES, compression=codec)
write(
    "delta_length",
    PAGES,
    use_dictionary=False,
    data_page_version="2.0",
    column_encoding={"text": "DELTA_LENGTH_BYTE_ARRAY", "number": "DELTA_BINARY_PACKED", "id": "PLAIN"},
)
write(
    "arrow_types",
    {
        "id": pa.array([0, 1], pa.int64()),
        "nothing": pa.array([None, None], pa.null()),
        "nothing_new": pa.array([None, None], pa.null()),
        "time64": pa.array([None, datetime.time(23, 59, 59, 999999)], pa.time64("us")),
        "time32": pa.array([None, datetime.time(0, 0, 1)], pa.time32("s")),
        "seconds": pa.array([None, -1], pa.timestamp("s")),
        "date64": pa.array([None, datetime.date(1969, 12, 31)], pa.date64()),
        "duration": pa.array([None, 5], pa.duration("us")),
        "large_text": pa.array([None, ""], pa.large_string()),
        "dictionary": pa.array([None, "a"]).dictionary_encode(),
        "half": pa.array([None, 1.5], pa.float16()),
        "two": pa.array([None, [1, 2]], pa.list_(pa.int32(), 2)),
    },
)
write(
    "nested_null",
    {"id": pa.array([0], pa.int64()), "list": pa.array([[None]], pa.list_(pa.null()))},
)

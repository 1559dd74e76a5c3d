"""Writes to pyarrow.tsv what pyarrow reads in the files beside this program: rows, and a digest that no order of rows changes.

    pip install pyarrow==26.0.1 && python3 expect.py

The digest is the sum, modulo 2**64, of the lower halves of the MD5 of each row's text; RowText.java makes the same text of what the lake holds.
"""
import hashlib
import struct
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
MICROS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def number(value):
    if value != value:
        return "nan"
    return str(struct.unpack(">q", struct.pack(">d", value))[0]) if value != 0 else "0"


def sized(text):
    return f"{len(text.encode())}:{text}"


def micros(value, unit):
    if unit == "ns":  # cut toward zero, as the engine does
        return str(value // 1_000 if value >= 0 else -(-value // 1_000))
    return str(value * MICROS[unit])


def text(scalar):
    if isinstance(scalar, pa.ExtensionScalar):
        scalar = scalar.value
    kind = scalar.type
    if not scalar.is_valid:
        return "N"
    if pa.types.is_dictionary(kind):
        return text(scalar.dictionary[scalar.index.as_py()])
    if pa.types.is_boolean(kind):
        return "t" if scalar.as_py() else "f"
    if pa.types.is_integer(kind):
        return str(scalar.as_py())
    if pa.types.is_floating(kind):
        return number(float(scalar.as_py()))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return sized(scalar.as_py())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return scalar.as_py().hex()
    if pa.types.is_decimal(kind):
        return format(scalar.as_py(), "f")
    if pa.types.is_date(kind):
        return str((scalar.as_py() - date(1970, 1, 1)).days)
    if pa.types.is_time(kind) or pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return micros(scalar.value, kind.unit)
    if pa.types.is_struct(kind):
        return "(" + ",".join(text(scalar[i]) for i in range(kind.num_fields)) + ")"
    if pa.types.is_map(kind):
        entries = scalar.values
        return "{" + ",".join(text(e[0]) + "=" + text(e[1]) for e in entries) + "}"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return "[" + ",".join(text(e) for e in scalar.values) + "]"
    raise NotImplementedError(str(kind))


def digest(table):
    columns = [[text(s) for chunk in column.chunks for s in chunk] for column in table.columns]
    names = [sized(name) for name in table.column_names]
    total = 0
    for row in zip(*columns):
        line = ",".join(name + value for name, value in zip(names, row))
        total += int.from_bytes(hashlib.md5(line.encode()).digest()[8:], "big")
    return f"{total % 2**64:016x}"


def main():
    lines = []
    for path in sorted(p for p in HERE.rglob("*") if p.name.endswith((".parquet", ".parquet.encrypted"))):
        name = path.relative_to(HERE).as_posix()
        try:
            table = pq.ParquetFile(path).read()
            lines.append(f"{name}\t{table.num_rows}\t{digest(table)}")
        except Exception as e:
            lines.append(f"{name}\t-\t{type(e).__name__}: {str(e).splitlines()[0][:120]}")
    (HERE / "pyarrow.tsv").write_text(f"# pyarrow {pa.__version__}\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

"""Import of the same workbook by pandas and openpyxl: reading, then simple checks and storing in SQLite.

Prints one JSON object: read_s (read_excel alone), total_s (with checks and a durable SQLite table), peak_mib.
"""
import json, os, sqlite3, sys, tempfile, time
import pandas as pd

book = sys.argv[1]
start = time.perf_counter()
frame = pd.read_excel(book, engine="openpyxl")
read = time.perf_counter() - start

numbers = [c for c in frame.columns if c.startswith("指标")]
checked = frame[numbers].apply(pd.to_numeric, errors="coerce")
assert not checked.isna().any().any() and (checked >= 0).all().all()
assert frame["编号"].is_unique and frame["状态"].isin(["谈判", "签约", "在建", "投产"]).all()
with tempfile.TemporaryDirectory() as folder:
    db = sqlite3.connect(os.path.join(folder, "import.db"))
    db.execute("pragma synchronous = full")
    frame.to_sql("rows", db, index=False)
    db.commit()
    db.close()
total = time.perf_counter() - start
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
print(json.dumps({"read_s": read, "total_s": total, "peak_mib": peak, "rows": len(frame), "columns": len(frame.columns)}))

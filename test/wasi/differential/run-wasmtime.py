# Runs a `wasi:cli/run` component on Wasmtime over a real directory: the host that others are compared with. Needs the wheel `wasmtime`.
# Usage: python run-wasmtime.py COMPONENT WORK_DIRECTORY ENVIRONMENT_JSON ARGUMENT...; its streams and status are the program's.
import json
import re
import sys
import tempfile

import wasmtime
from wasmtime import component

path, work, environment, *args = sys.argv[1:]
engine = wasmtime.Engine()
store = wasmtime.Store(engine)
wasi = wasmtime.WasiConfig()
wasi.argv = args
wasi.env = list(json.loads(environment).items())
wasi.preopen_dir(work, "/")
# The wheel gives a file as standard input, and not a pipe.
given = tempfile.NamedTemporaryFile()
given.write(sys.stdin.buffer.read())
given.flush()
wasi.stdin_file = given.name
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
linker = component.Linker(engine)
linker.add_wasip2()
with open(path, "rb") as file:
    loaded = component.Component(engine, file.read())
exported = next(name for name in loaded.type.exports(engine) if re.match("wasi:cli/run@", name))
instance = linker.instantiate(store, loaded)
run = instance.get_func(store, instance.get_export_index(store, "run", instance.get_export_index(store, exported)))
try:
    result = run(store)
    failed = getattr(result, "tag", None) == "err" or isinstance(result, Exception)
    sys.exit(1 if failed else 0)
except wasmtime.ExitTrap as exit:
    sys.exit(exit.code)
except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
    sys.exit(1 if "exited with" in str(trap) else 134)

"""lit over every folder of test/: files with a RUN line, run with the tools of this build and LLVM's FileCheck and not."""
import os

import lit.formats

config.name = "modc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".mod", ".test"]
# kern has a driver and a configuration of its own; the others hold GoogleTest and Python.
config.excludes = ["kern", "CMakeLists.txt", "numerics"]
config.test_source_root = os.path.dirname(__file__)
# A file without a RUN line is an input of other tests.
for folder, _, files in os.walk(config.test_source_root):
    for name in files:
        if os.path.splitext(name)[1] in config.suffixes:
            with open(os.path.join(folder, name), errors="replace") as file:
                if "RUN:" not in file.read():
                    config.excludes.append(name)
config.test_exec_root = config.modc_obj_root
config.environment["PATH"] = os.pathsep.join([config.modc_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input=fail"
config.substitutions.append(("%root", config.modc_root))
config.substitutions.append(("%nn", os.path.join(config.modc_root, "nn")))
# Features: a tool that this build lacks skips the tests that need it (`REQUIRES: modc`).
for tool in ["modc", "modrun", "mod-opt", "mod-eval"]:
    if os.path.exists(os.path.join(config.modc_tools_dir, tool)):
        config.available_features.add(tool)

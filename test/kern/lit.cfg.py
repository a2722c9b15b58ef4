# Tests of the kern dialect and its passes: kern-opt and FileCheck.
import os

import lit.formats

config.name = "kern"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.modc_obj_root
config.environment["PATH"] = os.pathsep.join([config.modc_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])

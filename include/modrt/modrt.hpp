// The whole C++ face of the runtime.
#pragma once
#include "modrt/artifact.h"
#include "modrt/error.h"
#include "modrt/files.h"
#include "modrt/module.h"
#include "modrt/process.h"
#include "modrt/profile.h"
#include "modrt/state_dict.h"
#include "modrt/tensor.h"

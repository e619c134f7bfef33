// SPDX-License-Identifier: GPL-3.0-or-later
// A command that a launcher has started on several machines or several times on one (--mpi): rank 0 does what
// the command says, the others compute their part of the model until rank 0 has done.
#pragma once

#include "app/cli/arguments.h"

namespace vitrine::cli {

/// Returns the exit code. REQUIRES: --mpi.
int runOverMpi(int (*command)(const Arguments&), const Arguments& arguments);

} // namespace vitrine::cli

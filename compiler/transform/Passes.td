//===- Passes.td - from phase mod to phase graph --------------------------===//
//
// One pass a file; docs/phases.md says what holds before and after.
//
//===----------------------------------------------------------------------===//

#ifndef MODC_TRANSFORM_PASSES
#define MODC_TRANSFORM_PASSES

include "mlir/Pass/PassBase.td"

def VerifyModPass : Pass<"mod-verify-mod", "::mlir::ModuleOp"> {
  let summary = "check what the verifiers of single operations cannot: paths, calls, state";
  let description = [{
    Every path of a get, set or call resolves and its types are those of what
    it names. A failure is a mistake of the compiler, not of the user.
  }];
}

def MakeRolesPass : Pass<"mod-make-roles", "::mlir::ModuleOp"> {
  let summary = "one function per class, method and role";
  let description = [{
    `@forward` becomes `@forward.eval`, and, where it calls modules,
    `@forward.eval.composed`, which `cut-at-calls` takes apart; where it or what
    it calls reads `training`, also `@forward.train`, and, where it does itself,
    `@forward.train.composed`. Functions of role eval that serve training too
    are marked `mod.both_modes`. Classes that no export reaches go.
  }];
  let options = [ListOption<"roles", "roles", "std::string", "roles to make: `eval`, `train`">];
}

def OpenCallsPass : Pass<"mod-open-calls", "::mlir::ModuleOp"> {
  let summary = "clone every callee into the fused functions";
  let description = [{
    Names of sizes are replaced in types and attributes, paths get the child's
    path in front, the callee's key is the caller's with site and path folded
    in, guards and ranges move to the caller. The methods themselves go.
  }];
}

def CutAtCallsPass : Pass<"mod-cut-at-calls", "::mlir::ModuleOp"> {
  let summary = "composed methods: a program of calls, and pieces between them";
  let description = [{
    Results of calls have fresh sizes, since the child may have been replaced.
    Pieces are inferred anew over them; where that leaves an equality open, the
    piece's argument gets the sizes that the method was checked with.
  }];
}

def ThreadStatePass : Pass<"mod-thread-state", "::mlir::ModuleOp"> {
  let summary = "state and key become arguments and results";
  let description = [{
    State that a loop writes is carried round it, state that a branch writes is
    a result of the branch.
  }];
}

def SimplifyPass : Pass<"mod-simplify", "::mlir::ModuleOp"> {
  let summary = "fold constants, casts, identities, views next to arithmetic";
  let description = [{
    Changes no bit of a result: constants are computed by the reference
    evaluator, `x * 1`, `x / 2` as a product, views of cheap work on arguments
    as work on views, transposed right operands as `trans_b`.
  }];
  let options = [Option<"dropDetach", "drop-detach", "bool", "true", "no gradient is taken: detach goes">];
}

def SimplifyFlowPass : Pass<"mod-simplify-flow", "::mlir::ModuleOp"> {
  let summary = "loops and branches: known rounds and sides, dead and unchanging values, invariant code";
  let description = [{
    A loop of one round and a branch on a constant are opened, carried values
    that nothing reads or that never change go, branches of a few elementwise
    operations become `mod.where`, and pure work without the loop's counter
    moves out. An operation that may fail (`take`, `gather`) stays where it is.
  }];
}

def RaisePass : Pass<"mod-raise", "::mlir::ModuleOp"> {
  let summary = "attention and slices out of their written-out forms; attention that drops into it";
}

def FoldAffinePass : Pass<"mod-fold-affine", "::mlir::ModuleOp"> {
  let summary = "chains of x * a + b with load-time a and b become one, or go into the product before";
}

def ChooseLayoutsPass : Pass<"mod-choose-layouts", "::mlir::ModuleOp"> {
  let summary = "convolutions and windows with channels last; permutations move down until they cancel";
  let description = [{
    Every `conv` becomes `channels_last`, with a permutation before it and one
    after, which moves down through elementwise work, reductions, windows, pads,
    slices, concatenations and reshapes that keep runs of dimensions together. A
    `flatten` before a product with weights moves the order of K into the weights.
    Pointwise convolutions become products; transposed ones products or
    convolutions.
  }];
}

def JoinMatmulsPass : Pass<"mod-join-matmuls", "::mlir::ModuleOp"> {
  let summary = "products of one left operand with several weights become one over the weights side by side";
}

def HoistPreparePass : Pass<"mod-hoist-prepare", "::mlir::ModuleOp"> {
  let summary = "what depends on parameters alone moves into mod.prepare; weights of products are packed";
}

def FormGroupsPass : Pass<"mod-form-groups", "::mlir::ModuleOp"> {
  let summary = "partition each function's operations into kernels";
  let description = [{
    Marks each operation with its group's number in `mod.group`, operations that
    every reader computes for itself with `mod.inline`, and leaves the groups'
    kinds in the function's `mod.groups`. With `fusion=none` each operation is a
    group of its own.
  }];
  let options = [Option<"fusion", "fusion", "std::string", "\"full\"", "`full` or `none`">];
}

def OutlineKernelsPass : Pass<"mod-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "groups become kernels, shared by content";
}

def PlanMemoryPass : Pass<"mod-plan-memory", "::mlir::ModuleOp"> {
  let summary = "where each launch writes its results";
  let options = [ListOption<"nominal", "nominal", "std::string",
                            "sizes to plan for, as NAME=NUMBER; else 1 for a function's first size, 128 for others">];
}

def VerifyGraphPass : Pass<"mod-verify-graph", "::mlir::ModuleOp"> {
  let summary = "check phase graph: kernels only, hashes, types of launches, no overlap in memory";
}

def EmitGroupsPass : Pass<"mod-emit-groups", "::mlir::ModuleOp"> {
  let summary = "print one line per launch, for tests and readers";
}

#endif // MODC_TRANSFORM_PASSES

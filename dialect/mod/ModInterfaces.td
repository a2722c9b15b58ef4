//===- ModInterfaces.td - what a primitive says of itself -----------------===//
//
// One record makes a primitive known to the checker, builders, verifier,
// interpreter, fusion and code generation; no table lives beside TableGen.
//
//===----------------------------------------------------------------------===//

#ifndef MODC_DIALECT_MOD_INTERFACES
#define MODC_DIALECT_MOD_INTERFACES

include "mlir/IR/OpBase.td"

def Mod_InferOpInterface : OpInterface<"InferOpInterface"> {
  let cppNamespace = "::modc::mod";
  let description = [{
    The one result-type function of a primitive. Called by the checker (before
    any operation exists: types and attributes only), by builders, by the
    verifier, and again when children's results get fresh dimensions.
  }];
  let methods = [StaticInterfaceMethod<[{
      Appends the result types, or reports through `in` and fails. Equalities
      that hold only for some sizes are stated with `in.require(a, b)`:
      proved ones vanish, refuted ones are errors that name the operands, open
      ones become entry guards.
    }], "::llvm::LogicalResult", "infer",
    (ins "::modc::mod::Inference &":$in, "::mlir::DictionaryAttr":$attrs,
         "::llvm::ArrayRef<::modc::mod::SymTensorType>":$operands,
         "::llvm::SmallVectorImpl<::mlir::Type> &":$results)>];
  let verify = "return ::modc::mod::verifyInferred($_op);";
}

def Mod_PrimitiveOpInterface : OpInterface<"PrimitiveOpInterface", [Mod_InferOpInterface]> {
  let cppNamespace = "::modc::mod";
  let description = "How the language sees a primitive, and how passes class it.";
  let methods = [
    StaticInterfaceMethod<"Signature in the language's own syntax.",
      "::llvm::StringRef", "getSignature", (ins)>,
    StaticInterfaceMethod<"Role in fusion.",
      "::modc::mod::FusionClass", "getFusionClass", (ins)>,
  ];
}

def Mod_EvalOpInterface : OpInterface<"EvalOpInterface"> {
  let cppNamespace = "::modc::mod";
  let description = "Reference meaning: plain loops over dense row-major arrays.";
  let methods = [InterfaceMethod<[{
      Reads the operands' arrays from `ev` and sets the results'. Fails with a
      text when a value (an index) is out of range.
    }], "::llvm::Error", "eval", (ins "::modc::mod::Evaluator &":$ev)>];
}

def Mod_ScalarOpInterface : OpInterface<"ScalarOpInterface"> {
  let cppNamespace = "::modc::mod";
  let description = [{
    Elementwise primitives: arith/math for one element. The same code makes
    scalars, vector<16xf32> lanes and the text of CUDA, because arith and math
    are polymorphic in the element. A bool is an i1.
  }];
  let methods = [InterfaceMethod<[{
      Builds the result from the operands' elements. `element` is the scalar
      type of the result.
    }], "::mlir::Value", "emitScalar",
    (ins "::mlir::OpBuilder &":$b, "::mlir::ValueRange":$args)>];
}

#endif // MODC_DIALECT_MOD_INTERFACES

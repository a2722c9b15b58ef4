//===- ModPrimitives.td - the closed set of tensor primitives -------------===//
//
// To add one: a record here (signature, fusion class, and for elementwise ones
// the reference formula and the scalar code), for the others `infer` in
// Infer*.cpp and `eval` in Eval*.cpp, and tests. See docs/adding-an-op.md.
//
//===----------------------------------------------------------------------===//

#ifndef MODC_DIALECT_MOD_PRIMITIVES
#define MODC_DIALECT_MOD_PRIMITIVES

include "dialect/mod/ModOps.td"

/// A primitive: `sig` is what the language offers, in the language's syntax.
class Mod_Prim<string mnemonic, string sig, string fusion, list<Trait> traits = []>
    : Mod_Op<mnemonic, !listconcat(traits, [Pure,
        DeclareOpInterfaceMethods<Mod_InferOpInterface>,
        DeclareOpInterfaceMethods<Mod_PrimitiveOpInterface>,
        DeclareOpInterfaceMethods<Mod_EvalOpInterface>])> {
  let results = (outs Mod_Any:$y);
  code primDefinition = [{
    ::llvm::StringRef $cppClass::getSignature() { return "}] # sig # [{"; }
    ::modc::mod::FusionClass $cppClass::getFusionClass() {
      return ::modc::mod::FusionClass::}] # fusion # [{;
    }
  }];
  let extraClassDefinition = primDefinition;
}

/// Elementwise. `formula` is the reference in C++ over `x` (or `a`, `b`) of type double or int64_t;
/// `scalar` builds the value of one element from `x` (or `a`, `b`) with builder `b_` and location `loc`.
/// `result` is `Same` (the operands' dtype) or `Bool`.
class Mod_Elementwise<string mnemonic, string sig, string result, string evalName, string params, code formula,
                      string bind, code scalar, list<Trait> traits>
    : Mod_Prim<mnemonic, sig, "Elementwise", !listconcat(traits, [DeclareOpInterfaceMethods<Mod_ScalarOpInterface>])> {
  let extraClassDefinition = primDefinition # [{
    ::llvm::LogicalResult $cppClass::infer(::modc::mod::Inference &in, ::mlir::DictionaryAttr,
        ::llvm::ArrayRef<::modc::mod::SymTensorType> operands, ::llvm::SmallVectorImpl<::mlir::Type> &results) {
      return ::modc::mod::inferElementwise(in, operands, ::modc::mod::ResultKind::}] # result # [{, results);
    }
    ::llvm::Error $cppClass::eval(::modc::mod::Evaluator &ev) {
      return ::modc::mod::}] # evalName # [{(ev, *this, [](}] # params # [{) { return }] # formula # [{; });
    }
    ::mlir::Value $cppClass::emitScalar(::mlir::OpBuilder &b_, ::mlir::ValueRange args) {
      ::mlir::Location loc = getLoc(); (void)loc;
      }] # bind # [{
      return }] # scalar # [{;
    }
  }];
}

class Mod_Unary<string mnemonic, string sig, code formula, code scalar, Type operand = Mod_Float, string result = "Same">
    : Mod_Elementwise<mnemonic, sig, result, "evalUnary", "auto x", formula,
                      "::mlir::Value x = args[0]; (void)x;", scalar, []> {
  let arguments = (ins operand:$x);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

class Mod_Binary<string mnemonic, string sig, code formula, code scalar, Type operand = Mod_Number,
                 string result = "Same", list<Trait> traits = []>
    : Mod_Elementwise<mnemonic, sig, result, "evalBinary", "auto a, auto b", formula,
                      "::mlir::Value a = args[0], b = args[1]; (void)a; (void)b;", scalar, traits> {
  let arguments = (ins operand:$a, operand:$b);
  let assemblyFormat = "$a `,` $b attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Elementwise, one operand
//===----------------------------------------------------------------------===//

def Mod_NegOp   : Mod_Unary<"neg", "neg(x: T[*S]) -> T[*S]", [{scalar::negate(x)}], [{scalar::neg(b_, loc, x)}], Mod_Number>;
def Mod_AbsOp   : Mod_Unary<"abs", "abs(x: T[*S]) -> T[*S]", [{scalar::absolute(x)}], [{scalar::abs(b_, loc, x)}], Mod_Number>;
def Mod_FloorOp : Mod_Unary<"floor", "floor(x: F[*S]) -> F[*S]", [{std::floor(x)}], [{::mlir::math::FloorOp::create(b_, loc, x)}]>;
def Mod_RoundOp : Mod_Unary<"round", "round(x: F[*S]) -> F[*S]", [{std::nearbyint(x)}], [{::mlir::math::RoundEvenOp::create(b_, loc, x)}]> {
  let summary = "to the nearest integer, halves to even";
}
def Mod_ExpOp   : Mod_Unary<"exp", "exp(x: F[*S]) -> F[*S]", [{std::exp(x)}], [{::mlir::math::ExpOp::create(b_, loc, x)}]>;
def Mod_Expm1Op : Mod_Unary<"expm1", "expm1(x: F[*S]) -> F[*S]", [{std::expm1(x)}], [{::mlir::math::ExpM1Op::create(b_, loc, x)}]>;
def Mod_LogOp   : Mod_Unary<"log", "log(x: F[*S]) -> F[*S]", [{std::log(x)}], [{::mlir::math::LogOp::create(b_, loc, x)}]>;
def Mod_Log1pOp : Mod_Unary<"log1p", "log1p(x: F[*S]) -> F[*S]", [{std::log1p(x)}], [{::mlir::math::Log1pOp::create(b_, loc, x)}]>;
def Mod_SqrtOp  : Mod_Unary<"sqrt", "sqrt(x: F[*S]) -> F[*S]", [{std::sqrt(x)}], [{::mlir::math::SqrtOp::create(b_, loc, x)}]>;
def Mod_SinOp   : Mod_Unary<"sin", "sin(x: F[*S]) -> F[*S]", [{std::sin(x)}], [{::mlir::math::SinOp::create(b_, loc, x)}]>;
def Mod_CosOp   : Mod_Unary<"cos", "cos(x: F[*S]) -> F[*S]", [{std::cos(x)}], [{::mlir::math::CosOp::create(b_, loc, x)}]>;
def Mod_TanhOp  : Mod_Unary<"tanh", "tanh(x: F[*S]) -> F[*S]", [{std::tanh(x)}], [{::mlir::math::TanhOp::create(b_, loc, x)}]>;
def Mod_ErfOp   : Mod_Unary<"erf", "erf(x: F[*S]) -> F[*S]", [{std::erf(x)}], [{::mlir::math::ErfOp::create(b_, loc, x)}]>;
def Mod_SigmoidOp : Mod_Unary<"sigmoid", "sigmoid(x: F[*S]) -> F[*S]", [{1 / (1 + std::exp(-x))}], [{scalar::sigmoid(b_, loc, x)}]> {
  let summary = "1 / (1 + exp(-x)), of its own because that form has a NaN gradient below -88";
}
def Mod_LogicalNotOp : Mod_Unary<"logical_not", "logical_not(x: I[*S]) -> I[*S]", [{scalar::logicalNot(x)}],
                                 [{scalar::logicalNot(b_, loc, x)}], Mod_BoolOrInt> {
  let summary = "`~x`: not of a bool, complement of an integer";
}
def Mod_DetachOp : Mod_Unary<"detach", "detach(x: T[*S]) -> T[*S]", [{x}], [{x}], Mod_Any> {
  let summary = "x, through which no gradient flows";
}

def Mod_ToOp : Mod_Prim<"to", "to(x: T[*S], dtype: dtype) -> dtype[*S]", "Elementwise",
                        [DeclareOpInterfaceMethods<Mod_ScalarOpInterface>]> {
  let summary = "conversion to another dtype: to int towards zero, to bool by x != 0";
  let arguments = (ins Mod_Any:$x, TypeAttr:$dtype);
  let assemblyFormat = "$x `as` $dtype attr-dict `:` functional-type($x, $y)";
}

//===----------------------------------------------------------------------===//
// Elementwise, two operands of one dtype; sizes broadcast where one is literally 1
//===----------------------------------------------------------------------===//

def Mod_AddOp : Mod_Binary<"add", "add(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::wrapAdd(a, b)}], [{scalar::add(b_, loc, a, b)}], Mod_Number, "Same", [Commutative]>;
def Mod_SubOp : Mod_Binary<"sub", "sub(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::wrapSub(a, b)}], [{scalar::sub(b_, loc, a, b)}]>;
def Mod_MulOp : Mod_Binary<"mul", "mul(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::wrapMul(a, b)}], [{scalar::mul(b_, loc, a, b)}], Mod_Number, "Same", [Commutative]>;
def Mod_DivOp : Mod_Binary<"div", "div(a: F[*A], b: F[*B]) -> F[broadcast(A, B)]", [{a / b}], [{::mlir::arith::DivFOp::create(b_, loc, a, b)}], Mod_Float>;
def Mod_FloorDivideOp : Mod_Binary<"floor_divide", "floor_divide(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::floorDivide(a, b)}], [{scalar::floorDivide(b_, loc, a, b)}]> {
  let summary = "`a // b`, towards minus infinity; an integer divided by 0 is 0";
}
def Mod_RemainderOp : Mod_Binary<"remainder", "remainder(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::remainder(a, b)}], [{scalar::remainder(b_, loc, a, b)}]> {
  let summary = "`a % b`, with the sign of the divisor; an integer modulo 0 is 0";
}
def Mod_PowOp : Mod_Binary<"pow", "pow(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::power(a, b)}], [{scalar::power(b_, loc, a, b)}]> {
  let summary = "a to the power b; a small static integer b becomes products before; integers wrap, 1 / a**n is cut to 0 unless a is 1 or -1";
}
def Mod_MaximumOp : Mod_Binary<"maximum", "maximum(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::maximum(a, b)}], [{scalar::maximum(b_, loc, a, b)}], Mod_Number, "Same", [Commutative]> {
  let summary = "the larger; NaN wins";
}
def Mod_MinimumOp : Mod_Binary<"minimum", "minimum(a: T[*A], b: T[*B]) -> T[broadcast(A, B)]", [{scalar::minimum(a, b)}], [{scalar::minimum(b_, loc, a, b)}], Mod_Number, "Same", [Commutative]> {
  let summary = "the smaller; NaN wins";
}
def Mod_EqOp : Mod_Binary<"eq", "eq(a: T[*A], b: T[*B]) -> bool[broadcast(A, B)]", [{a == b}], [{scalar::eq(b_, loc, a, b)}], Mod_Any, "Bool", [Commutative]>;
def Mod_LtOp : Mod_Binary<"lt", "lt(a: T[*A], b: T[*B]) -> bool[broadcast(A, B)]", [{a < b}], [{scalar::lt(b_, loc, a, b)}], Mod_Any, "Bool">;
def Mod_LeOp : Mod_Binary<"le", "le(a: T[*A], b: T[*B]) -> bool[broadcast(A, B)]", [{a <= b}], [{scalar::le(b_, loc, a, b)}], Mod_Any, "Bool">;
def Mod_BitwiseAndOp : Mod_Binary<"bitwise_and", "bitwise_and(a: I[*A], b: I[*B]) -> I[broadcast(A, B)]", [{scalar::bitAnd(a, b)}], [{::mlir::arith::AndIOp::create(b_, loc, a, b)}], Mod_BoolOrInt, "Same", [Commutative]>;
def Mod_BitwiseOrOp : Mod_Binary<"bitwise_or", "bitwise_or(a: I[*A], b: I[*B]) -> I[broadcast(A, B)]", [{scalar::bitOr(a, b)}], [{::mlir::arith::OrIOp::create(b_, loc, a, b)}], Mod_BoolOrInt, "Same", [Commutative]>;

def Mod_WhereOp : Mod_Prim<"where", "where(cond: bool[*A], a: T[*B], b: T[*C]) -> T[broadcast(A, B, C)]", "Elementwise",
                           [DeclareOpInterfaceMethods<Mod_ScalarOpInterface>]> {
  let summary = "a where the condition holds, else b";
  let arguments = (ins Mod_Bool:$cond, Mod_Any:$a, Mod_Any:$b);
  let assemblyFormat = "$cond `,` $a `,` $b attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

def Mod_FullOp : Mod_Prim<"full", "full(shape: dims, value: number, dtype: dtype) -> dtype[*shape]", "Elementwise",
                          [DeclareOpInterfaceMethods<Mod_ScalarOpInterface>]> {
  let summary = "a tensor of one number; rank 0 for the language's plain numbers";
  let description = "`value` is an f64 float attribute, or an i64 integer attribute for integer and bool dtypes.";
  let arguments = (ins TypedAttrInterface:$value, TypeAttr:$dtype, Mod_DimArray:$shape);
  let assemblyFormat = "$value `as` $dtype $shape attr-dict `:` type($y)";
}

def Mod_SizeOp : Mod_Prim<"size", "size(n: int, dtype: dtype) -> dtype[]", "Elementwise"> {
  let summary = "a size as a 0-d tensor, to compute with";
  let arguments = (ins Mod_DimAttr:$size, TypeAttr:$dtype);
  let assemblyFormat = "$size `as` $dtype attr-dict `:` type($y)";
}

def Mod_IotaOp : Mod_Prim<"iota", "iota(n: int, dtype: dtype) -> dtype[n]", "Elementwise"> {
  let summary = "0, 1, …, n - 1";
  let arguments = (ins Mod_DimAttr:$n, TypeAttr:$dtype);
  let assemblyFormat = "$n `as` $dtype attr-dict `:` type($y)";
}

def Mod_RandomOp : Mod_Prim<"random", "random(shape: dims, dtype: dtype) -> dtype[*shape]", "Elementwise"> {
  let summary = "uniform numbers in [0, 1) by Philox4x32-10";
  let description = [{
    Pure: element i is a function of the key and of i in the language's
    row-major order, so it may be moved, shared between kernels and drawn again
    in the backward pass. Element e takes word e % 4 of the block with counter
    (e / 4, call), its top 24 bits times 2^-24 (f16: 11 bits, bf16: 8).
  }];
  let arguments = (ins Mod_RngType:$key, TypeAttr:$dtype, Mod_DimArray:$shape);
  let results = (outs Mod_Float:$y);
  let assemblyFormat = "$key `as` $dtype $shape attr-dict `:` type($y)";
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

def Mod_ReshapeOp : Mod_Prim<"reshape", "reshape(x: T[*S], shape: dims) -> T[*shape]", "View"> {
  let summary = "the same elements in the same order under another shape of equal product";
  let arguments = (ins Mod_Any:$x, Mod_DimArray:$shape);
  let assemblyFormat = "$x `to` $shape attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Mod_PermuteOp : Mod_Prim<"permute", "permute(x: T[*S], dims: list[int]) -> T[permuted(S, dims)]", "View"> {
  let summary = "result dimension i is dimension dims[i] of x";
  let arguments = (ins Mod_Any:$x, DenseI64ArrayAttr:$dims);
  let assemblyFormat = "$x `by` $dims attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Mod_ExpandOp : Mod_Prim<"expand", "expand(x: T[*S], shape: dims) -> T[*shape]", "View"> {
  let summary = "stretches dimensions of size 1, and adds leading ones";
  let arguments = (ins Mod_Any:$x, Mod_DimArray:$shape);
  let assemblyFormat = "$x `to` $shape attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Mod_NarrowOp : Mod_Prim<"narrow", "narrow(x: T[*S], dim: int, start: int, length: int, step: int = 1) -> T[narrowed(S)]", "View"> {
  let summary = "elements start, start + step, … of one dimension, `length` of them";
  let arguments = (ins Mod_Any:$x, I64Attr:$dim, Mod_DimAttr:$start, Mod_DimAttr:$length,
                       DefaultValuedAttr<I64Attr, "1">:$step);
  let assemblyFormat = "$x `dim` $dim `from` $start `length` $length (`step` $step^)? attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Mod_UpdateSliceOp : Mod_Prim<"update_slice", "update_slice(x: T[*S], v: T[*V], start: list[int]) -> T[*S]", "Opaque"> {
  let summary = "x with the block at `start`, of v's sizes, replaced by v: `x[a:b, i] = v`";
  let arguments = (ins Mod_Any:$x, Mod_Any:$v, Mod_DimArray:$start);
  let assemblyFormat = "$x `,` $v `at` $start attr-dict `:` functional-type(operands, results)";
}

def Mod_CatOp : Mod_Prim<"cat", "cat(xs: list[tensor], dim: int) -> T[concatenated]", "Opaque"> {
  let summary = "tensors one after another along a dimension";
  let arguments = (ins Variadic<Mod_Any>:$xs, I64Attr:$dim);
  let assemblyFormat = "$xs `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_ConstantPadOp : Mod_Prim<"constant_pad", "constant_pad(x: T[*S], lo: list[int], hi: list[int], value: number) -> T[padded]", "Opaque"> {
  let summary = "adds lo and hi elements of `value` to each dimension; negative numbers crop";
  let arguments = (ins Mod_Any:$x, DenseI64ArrayAttr:$lo, DenseI64ArrayAttr:$hi, TypedAttrInterface:$value);
  let assemblyFormat = "$x `lo` $lo `hi` $hi `with` $value attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

class Mod_Reduction<string mnemonic, string sig, Type operand = Mod_Number> : Mod_Prim<mnemonic, sig, "Reduction"> {
  let arguments = (ins operand:$x, DenseI64ArrayAttr:$dims, DefaultValuedAttr<BoolAttr, "false">:$keepdim);
  let assemblyFormat = "$x `over` $dims (`keepdim` $keepdim^)? attr-dict `:` functional-type(operands, results)";
}

def Mod_SumOp : Mod_Reduction<"sum", "sum(x: T[*S], dims: list[int], keepdim: bool) -> T[reduced(S, dims, keepdim)]"> {
  let summary = "sum over `dims` in a fixed order, accumulated in f32 or wider; ints give i64";
}
def Mod_AmaxOp : Mod_Reduction<"amax", "amax(x: T[*S], dims: list[int], keepdim: bool) -> T[reduced(S, dims, keepdim)]"> {
  let summary = "largest element over `dims`; NaN wins";
}
def Mod_ArgmaxOp : Mod_Prim<"argmax", "argmax(x: T[*S], dim: int, keepdim: bool) -> i64[reduced(S, dim, keepdim)]", "Reduction"> {
  let summary = "index of the first largest element";
  let arguments = (ins Mod_Number:$x, I64Attr:$dim, DefaultValuedAttr<BoolAttr, "false">:$keepdim);
  let assemblyFormat = "$x `dim` $dim (`keepdim` $keepdim^)? attr-dict `:` functional-type(operands, results)";
}

def Mod_CumsumOp : Mod_Prim<"cumsum", "cumsum(x: T[*S], dim: int) -> T[*S]", "Scan"> {
  let summary = "sums of the elements up to and with each, along a dimension; accumulated as by sum, ints give i64";
  let arguments = (ins Mod_Number:$x, I64Attr:$dim);
  let assemblyFormat = "$x `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_ReduceWindowOp : Mod_Prim<"reduce_window",
    "reduce_window(x: T[*S], kind: str, window: list[int], stride: list[int], lo: list[int], hi: list[int], dilation: list[int]) -> T[windowed(S)]",
    "Window"> {
  let summary = "largest element or sum of each window over the last dimensions";
  let description = [{
    `kind` is `max` (NaN wins) or `sum` (in the order of the window, accumulated
    as by sum, result of x's dtype). Element o of a windowed dimension sees
    elements o * stride - lo + j * dilation for j in [0, window); what lies
    outside is no part of it: a window that sees nothing gives -inf (the lowest
    integer) or 0. The size is floordiv(n + lo + hi - dilation * (window - 1) - 1,
    stride) + 1. `channels_last`, made by the compiler alone: the windowed
    dimensions end before the last.
  }];
  let arguments = (ins Mod_Number:$x, StrAttr:$kind, DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$stride,
                       Mod_DimArray:$lo, Mod_DimArray:$hi, DenseI64ArrayAttr:$dilation, UnitAttr:$channels_last);
  let assemblyFormat = [{
    $x $kind `window` $window `stride` $stride `lo` $lo `hi` $hi `dilation` $dilation (`channels_last` $channels_last^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    /// The first of the windowed dimensions.
    int64_t getFirstWindowed();
  }];
}

//===----------------------------------------------------------------------===//
// Products, gathers and what writes by index
//===----------------------------------------------------------------------===//

def Mod_MatmulOp : Mod_Prim<"matmul", "matmul(a: T[*A, M, K], b: T[*B, K, N]) -> T[broadcast(A, B), M, N]", "Matmul"> {
  let summary = "matrix product, batch dimensions broadcast; `trans_b`: b is [*B, N, K]; integers wrap";
  let arguments = (ins Mod_Number:$a, Mod_Number:$b, DefaultValuedAttr<BoolAttr, "false">:$trans_b);
  let results = (outs Mod_Number:$y);
  let assemblyFormat = "$a `,` $b (`trans_b` $trans_b^)? attr-dict `:` functional-type(operands, results)";
}

def Mod_AttentionOp : Mod_Prim<"attention",
    "attention(q: F[*B, L, E], k: F[*B, S, E], v: F[*B, S, D], mask: F[*M, L, S] | None, causal: bool, scale: float, dropout_p: float = 0.0) -> F[*B, L, D]",
    "Attention", [AttrSizedOperandSegments]> {
  let summary = "dropout(softmax(q @ k^T * scale + mask)) @ v; a row that sees nothing gives 0";
  let description = [{
    `mask` broadcasts against the scores [*B, L, S]. `causal`: query i sees keys
    j <= i. `key` is there exactly where dropout_p > 0; the draw has the shape of
    the scores.
  }];
  let arguments = (ins Mod_Float:$q, Mod_Float:$k, Mod_Float:$v, Optional<Mod_Float>:$mask, Optional<Mod_RngType>:$key,
                       DefaultValuedAttr<BoolAttr, "false">:$causal, F64Attr:$scale,
                       DefaultValuedAttr<F64Attr, "0.0">:$dropout_p);
  let results = (outs Mod_Float:$y);
  let assemblyFormat = [{
    $q `,` $k `,` $v (`mask` $mask^)? (`key` $key^)? `scale` $scale (`causal` $causal^)? (`dropout` $dropout_p^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Mod_TakeOp : Mod_Prim<"take", "take(x: T[*S], index: I[*J], dim: int) -> T[S with dim replaced by J]", "Gather"> {
  let summary = "rows of `dim` by index: the index's dimensions replace that one";
  let description = "An index outside [0, size) fails the call.";
  let arguments = (ins Mod_Any:$x, Mod_Index:$index, I64Attr:$dim);
  let assemblyFormat = "$x `,` $index `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_GatherOp : Mod_Prim<"gather", "gather(x: T[*S], dim: int, index: I[*J]) -> T[*J]", "Gather"> {
  let summary = "y[i, j] = x[index[i, j], j] for dim = 0, as torch.gather";
  let arguments = (ins Mod_Any:$x, Mod_Index:$index, I64Attr:$dim);
  let assemblyFormat = "$x `,` $index `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_IndexAddOp : Mod_Prim<"index_add", "index_add(x: T[*S], dim: int, index: I[*J], v: T[S with dim replaced by J]) -> T[*S]", "Opaque"> {
  let summary = "x, to whose rows of `dim` by index those of v are added, in the order of the index";
  let description = "The mirror of `take`. Adds in x's dtype, after each addition rounded to it. An index outside [0, size) fails the call.";
  let arguments = (ins Mod_Number:$x, Mod_Index:$index, Mod_Number:$v, I64Attr:$dim);
  let assemblyFormat = "$x `,` $index `,` $v `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_ScatterAddOp : Mod_Prim<"scatter_add", "scatter_add(x: T[*S], dim: int, index: I[*J], v: T[*J]) -> T[*S]", "Opaque"> {
  let summary = "y[index[i, j], j] += v[i, j] for dim = 0, in the order of i, as torch.scatter_add";
  let description = "The mirror of `gather`; sizes of x and index agree but for `dim`. Additions and errors as of `index_add`.";
  let arguments = (ins Mod_Number:$x, Mod_Index:$index, Mod_Number:$v, I64Attr:$dim);
  let assemblyFormat = "$x `,` $index `,` $v `dim` $dim attr-dict `:` functional-type(operands, results)";
}

def Mod_SortOp : Mod_Prim<"sort", "sort(x: T[*S], dim: int, descending: bool) -> tuple[T[*S], i64[*S]]", "Opaque"> {
  let summary = "elements in order along a dimension, and where each came from; stable; NaN is larger than any number";
  let arguments = (ins Mod_Any:$x, I64Attr:$dim, DefaultValuedAttr<BoolAttr, "false">:$descending);
  let results = (outs Mod_Any:$values, Mod_TensorOf<[I64], "i64">:$indices);
  let assemblyFormat = "$x `dim` $dim (`descending` $descending^)? attr-dict `:` functional-type(operands, results)";
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// x is [N, C, *S], or with `channels_last` (made by the compiler alone) [N, *S, C], as then is the result; the weight
/// has one form. One to three spatial dimensions.
class Mod_Convolution<string mnemonic, string sig, dag window, string words> : Mod_Prim<mnemonic, sig, "Conv"> {
  let arguments = !con((ins Mod_Float:$x, Mod_Float:$w), window,
                       (ins DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$channels_last));
  let results = (outs Mod_Float:$y);
  let assemblyFormat = "$x `,` $w " # words #
                       " (`groups` $groups^)? (`channels_last` $channels_last^)? attr-dict `:` functional-type(operands, results)";
}

def Mod_ConvOp : Mod_Convolution<"conv",
    "conv(x: F[N, C, *S], w: F[O, I, *K], stride: list[int], lo: list[int], hi: list[int], dilation: list[int], groups: int) -> F[N, O, *windows(S)]",
    (ins DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$lo, DenseI64ArrayAttr:$hi, DenseI64ArrayAttr:$dilation),
    "`stride` $stride `lo` $lo `hi` $hi `dilation` $dilation"> {
  let summary = "cross-correlation with filters w [O, C/groups, *K], over x with lo and hi zeros around each dimension";
}

def Mod_ConvTransposeOp : Mod_Convolution<"conv_transpose",
    "conv_transpose(x: F[N, C, *S], w: F[C, I, *K], stride: list[int], padding: list[int], output_padding: list[int], dilation: list[int], groups: int) -> F[N, O, *spread(S)]",
    (ins DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$output_padding, DenseI64ArrayAttr:$dilation),
    "`stride` $stride `padding` $padding `output_padding` $output_padding `dilation` $dilation"> {
  let summary = "the transpose of conv: each element of x adds its multiple of the filters w [C, O/groups, *K] to the result";
}

//===----------------------------------------------------------------------===//
// Made by the compiler alone
//===----------------------------------------------------------------------===//

def Mod_RepackOp : Mod_Prim<"repack", "", "View"> {
  let summary = "the same tensor in another layout";
  let arguments = (ins Mod_Any:$x, Mod_LayoutAttr:$layout);
  let assemblyFormat = "$x `to` $layout attr-dict `:` functional-type(operands, results)";
}

#endif // MODC_DIALECT_MOD_PRIMITIVES

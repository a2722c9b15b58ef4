//===- KernOps.td - kernels over memrefs ----------------------------------===//
//
// The `kern` dialect: some dozen kernel operations over memrefs, with regions of scalar `arith` and `math`. One kernel body serves
// the interpreter (as it is), the CPU (builders in compiler/cpu) and CUDA (templates and printed regions).
//
//===----------------------------------------------------------------------===//
#ifndef MODC_KERN_OPS
#define MODC_KERN_OPS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kern_Dialect : Dialect {
  let name = "kern";
  let cppNamespace = "::modc::kern";
  let summary = "Kernels: operations over memrefs with scalar regions";
  let description = [{
    A `kern.func` is one kernel. Its operands are memrefs (row-major, sizes static where known), `index` sizes, `i64` random keys and
    scalars. Inside, an operation names what is computed, and its region of scalar `arith`/`math` what happens to each element on its
    way in or out. Nothing says how: tiles, vectors and threads are chosen for each target by the builders.

    Rules that hold everywhere:
    - Booleans in memory are `i8` (0 or 1); memrefs of `i1` are refused, because a vector of `i1` has another layout.
    - Views are upstream operations: `memref.reinterpret_cast`, `memref.subview`, `memref.transpose`. A stride of 0 broadcasts.
    - A region sees only memrefs, sizes and scalars that dominate its operation. It has no terminator in the text unless it yields.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect"];
  let useDefaultTypePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Types and enumerations
//===----------------------------------------------------------------------===//

def Kern_PanelsType : TypeDef<Kern_Dialect, "Panels"> {
  let mnemonic = "panels";
  let summary = "A matrix packed for the right side of `kern.gemm` or `kern.conv`";
  let description = [{
    `!kern.panels<256x784xf32>`: 256 columns (N), 784 summands (K), stored as `[ceil(N / W)][K][W]` and padded with zeros. The width W
    is not in the type: it belongs to the instruction set, and `choose-tiles` picks it as a function of N, K and the element type alone,
    so that the kernel that packs and the kernel that multiplies agree. Either size may be `?`. Only `kern.pack` writes panels and
    only `kern.gemm` and `kern.conv` read them.
  }];
  let parameters = (ins "int64_t":$cols, "int64_t":$inner, "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
}

def Kern_Reduction : I32EnumAttr<"Reduction", "how `kern.reduce` joins values", [
    I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"mul", 1>, I32EnumAttrCase<"max", 2>, I32EnumAttrCase<"min", 3>,
    I32EnumAttrCase<"argmax", 4>, I32EnumAttrCase<"argmin", 5>]> {
  let cppNamespace = "::modc::kern";
}

def Kern_Element : AnyTypeOf<[AnyFloat, I8, I16, I32, I64, UI8]>;
def Kern_MemRef : MemRefOf<[F64, F32, BF16, F16, I64, I32, I16, I8]>;
def Kern_FloatMemRef : MemRefOf<[F64, F32, BF16, F16]>;
def Kern_MatrixOperand : AnyTypeOf<[Kern_MemRef, Kern_PanelsType]>;

class Kern_Op<string mnemonic, list<Trait> traits = []> : Op<Kern_Dialect, mnemonic, traits>;

// An operation that runs its region for each point of an index space `(%i, %j) to (%m, %n)`.
class Kern_SpaceOp<string mnemonic, list<Trait> traits = []>
    : Kern_Op<mnemonic, !listconcat([SingleBlock, RecursiveMemoryEffects], traits)> {
  let arguments = (ins Variadic<Index>:$sizes);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let extraClassDeclaration = [{
    /// The indices, outermost first.
    ::mlir::Block::BlockArgListType getIndices() { return getBody().getArguments(); }
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
  }];
}

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

def Kern_FuncOp : Kern_Op<"func", [FunctionOpInterface, IsolatedFromAbove, SingleBlock, Symbol]> {
  let summary = "One kernel";
  let description = [{
    The order of arguments is the order of 8-byte words in the launch argument block: a memref or panels is its pointer, an `index` or
    `i64` its value, a narrower scalar sits in the low bytes of its word.

    A memref argument is row-major and contiguous unless it has a strided layout, and its offset is 0. Where a size other than the
    outermost is `?` (or a stride is), the argument carries `kern.sizes`: for each `?` of the shape, then each `?` of the strides, the
    position of the `index` argument that holds it. Without the attribute, an outermost `?` needs none.

    `kind` ("matmul", "rows", ...) and `from` (module paths) are for people and traces.

    ```mlir
    kern.func @relu(%x: memref<?x?xf32> {kern.sizes = array<i64: 2, 3>}, %y: memref<?x?xf32> {kern.sizes = array<i64: 2, 3>},
                    %m: index, %n: index) attributes {kind = "map"} {
      kern.map (%i, %j) to (%m, %n) {
        %v = kern.load %x[%i, %j] : memref<?x?xf32>
        %zero = arith.constant 0.0 : f32
        %neg = arith.cmpf ogt, %zero, %v : f32
        %r = arith.select %neg, %zero, %v : f32
        kern.store %r, %y[%i, %j] : memref<?x?xf32>
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type, OptionalAttr<StrAttr>:$kind,
                       OptionalAttr<ArrayAttr>:$from, OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::TypeRange":$operandTypes,
                                 CArg<"::llvm::ArrayRef<::mlir::Location>", "{}">:$locations)>];
  let skipDefaultBuilders = 1;
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return {}; }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
  }];
}

def Kern_YieldOp : Kern_Op<"yield", [Pure, Terminator,
    ParentOneOf<["FuncOp", "GemmOp", "ConvOp", "DwconvOp", "AttentionOp", "RowsOp", "ReduceOp", "EachOp", "MapOp", "PackOp"]>]> {
  let summary = "Ends a region, with its value where it has one";
  let arguments = (ins Variadic<AnyType>:$values);
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

//===----------------------------------------------------------------------===//
// Anchors
//===----------------------------------------------------------------------===//

def Kern_GemmOp : Kern_Op<"gemm", [SingleBlock]> {
  let summary = "Matrix product with whatever follows it";
  let description = [{
    For each batch index and each `i < rows`, `j < cols`: `acc = sum over k < inner of lhs[batch, i, k] * rhs[batch, k, j]`, then the
    region, once for each (i, j), which stores what is wanted. The sum runs over k in ascending order by fused multiply-add, starting
    from 0, whatever the tile, the batch and the target (CPU): a result never depends on its neighbours.

    - `lhs`: memref `[batch..., m, k]`, or `[batch..., k, m]` with `trans_a`; rank 2 = the same matrix for every batch.
    - `rhs`: `!kern.panels` (packed before, the fast form), or memref `[batch..., k, n]`, or `[batch..., n, k]` with `trans_b`;
      rank 2 = the same matrix for every batch.
    - The accumulator is f32 for f32, bf16 and f16, f64 for f64, the element type for integers.
    - Region arguments: the accumulator, a batch index for each batch size, i, j.

    ```mlir
    kern.gemm %x, %w rows(%m) cols(%c256) inner(%c784) : memref<?x784xf32>, !kern.panels<256x784xf32>
        epilogue (%acc: f32, %i: index, %j: index) {
      %b = kern.load %bias[%j] : memref<256xf32>
      %s = arith.addf %acc, %b : f32
      kern.store %s, %y[%i, %j] : memref<?x256xf32>
    }
    ```
  }];
  let arguments = (ins Kern_MemRef:$lhs, Kern_MatrixOperand:$rhs, Index:$rows, Index:$cols, Index:$inner, Variadic<Index>:$batch,
                       UnitAttr:$trans_a, UnitAttr:$trans_b);
  let regions = (region SizedRegion<1>:$epilogue);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$lhs, "::mlir::Value":$rhs, "::mlir::Value":$rows, "::mlir::Value":$cols,
      "::mlir::Value":$inner, "::mlir::ValueRange":$batch, "bool":$transA, "bool":$transB,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::Value, ::mlir::ValueRange)>":$epilogue)>];
  let assemblyFormat = [{
    $lhs `,` $rhs `rows` `(` $rows `)` `cols` `(` $cols `)` `inner` `(` $inner `)` (`batch` `(` $batch^ `)`)? attr-dict
    `:` type($lhs) `,` type($rhs) `epilogue` custom<ScalarRegion>($epilogue)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getEpilogue().front(); }
    ::mlir::Value getAcc() { return getBodyBlock()->getArgument(0); }
    /// Batch indices, then i and j.
    ::mlir::Block::BlockArgListType getIndices() { return getBodyBlock()->getArguments().drop_front(1); }
    /// The element type that sums are kept in for operands of that type.
    static ::mlir::Type accumulatorType(::mlir::Type element);
  }];
}

// A window that slides over the spatial dimensions of a tensor with channels last. Arrays hold a number a spatial dimension, outermost first.
class Kern_ConvBase<string mnemonic, Type weights, dag more> : Kern_Op<mnemonic, [SingleBlock, SameVariadicOperandSize]> {
  let arguments = !con((ins Kern_FloatMemRef:$x, weights:$w, Index:$batch, Variadic<Index>:$input, Variadic<Index>:$output, Index:$channels),
                       more, (ins DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$dilation));
  let regions = (region SizedRegion<1>:$epilogue);
  let skipDefaultBuilders = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getEpilogue().front(); }
    ::mlir::Value getAcc() { return getBodyBlock()->getArgument(0); }
    /// The batch index, the output position outermost first, the output channel.
    ::mlir::Block::BlockArgListType getIndices() { return getBodyBlock()->getArguments().drop_front(1); }
    /// Number of spatial dimensions.
    int64_t getSpatialRank() { return static_cast<int64_t>(getKernel().size()); }
  }];
}

def Kern_ConvOp : Kern_ConvBase<"conv", Kern_PanelsType, (ins Index:$features, I64Attr:$groups)> {
  let summary = "Convolution with whatever follows it";
  let description = [{
    For each `n < batch`, output position `p < output` and `o < features`: `acc = sum over kernel positions t < kernel and c < channels /
    groups of x[n, p * stride + t * dilation - pad, g * channels / groups + c] * w[o, t, c]`, g being the group `o / (features / groups)`,
    then the region, which stores what is wanted. One, two or three spatial dimensions.

    - Kernel positions outside of the input contribute nothing: they are left out of the sum, not multiplied by 0. `pad` is what stands
      before the first element (it may be negative); what stands behind the last follows from the output's sizes.
    - The sum runs over t row-major, then over c ascending, by fused multiply-add from 0, whatever the tile and the target (CPU).
    - `x`: memref `[batch, input..., channels]` of any strides: channels last are fast, a tensor with channels first is a view.
    - `w`: panels of `features / groups` columns and `prod(kernel) * channels` summands; for the column j of group g, summand
      `k = (g * prod(kernel) + t) * (channels / groups) + c` is `w[g * (features / groups) + j, t, c]`. So each group is padded to whole
      panels of its own.
    - The accumulator is f32 for f32, bf16 and f16, f64 for f64.
    - Region arguments: the accumulator, n, an index for each spatial dimension, o.

    ```mlir
    kern.conv %x, %w batch(%n) input(%c56, %c56) output(%c28, %c28) channels(%c64) features(%c128)
        kernel [3, 3] stride [2, 2] pad [1, 1] dilation [1, 1] groups 1 : memref<?x56x56x64xf32>, !kern.panels<128x576xf32>
        epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
      %b = kern.load %bias[%o] : memref<128xf32>
      %s = arith.addf %acc, %b : f32
      kern.store %s, %y[%i, %h, %v, %o] : memref<?x28x28x128xf32>
    }
    ```
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::mlir::Value":$w, "::mlir::Value":$batch, "::mlir::ValueRange":$input,
      "::mlir::ValueRange":$output, "::mlir::Value":$channels, "::mlir::Value":$features, "::llvm::ArrayRef<int64_t>":$kernel,
      "::llvm::ArrayRef<int64_t>":$stride, "::llvm::ArrayRef<int64_t>":$pad, "::llvm::ArrayRef<int64_t>":$dilation, "int64_t":$groups,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::Value, ::mlir::ValueRange)>":$epilogue)>];
  let assemblyFormat = [{
    $x `,` $w `batch` `(` $batch `)` `input` `(` $input `)` `output` `(` $output `)` `channels` `(` $channels `)` `features` `(` $features `)`
    `kernel` $kernel `stride` $stride `pad` $pad `dilation` $dilation `groups` $groups attr-dict
    `:` type($x) `,` qualified(type($w)) `epilogue` custom<ScalarRegion>($epilogue)
  }];
}

def Kern_DwconvOp : Kern_ConvBase<"dwconv", Kern_FloatMemRef, (ins)> {
  let summary = "Convolution of each channel by itself with whatever follows it";
  let description = [{
    `kern.conv` where each channel is a group of one input and one output channel: `acc = sum over t < kernel of x[n, p * stride + t *
    dilation - pad, c] * w[t, c]`, the same in everything else. `w` is a plain memref `[prod(kernel), channels]`. Fast where both have
    channels last.

    ```mlir
    kern.dwconv %x, %w batch(%n) input(%c14, %c14) output(%c14, %c14) channels(%c384)
        kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] : memref<?x14x14x384xf32>, memref<9x384xf32>
        epilogue (%acc: f32, %i: index, %h: index, %v: index, %c: index) {
      kern.store %acc, %y[%i, %h, %v, %c] : memref<?x14x14x384xf32>
    }
    ```
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::mlir::Value":$w, "::mlir::Value":$batch, "::mlir::ValueRange":$input,
      "::mlir::ValueRange":$output, "::mlir::Value":$channels, "::llvm::ArrayRef<int64_t>":$kernel, "::llvm::ArrayRef<int64_t>":$stride,
      "::llvm::ArrayRef<int64_t>":$pad, "::llvm::ArrayRef<int64_t>":$dilation,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::Value, ::mlir::ValueRange)>":$epilogue)>];
  let assemblyFormat = [{
    $x `,` $w `batch` `(` $batch `)` `input` `(` $input `)` `output` `(` $output `)` `channels` `(` $channels `)`
    `kernel` $kernel `stride` $stride `pad` $pad `dilation` $dilation attr-dict
    `:` type($x) `,` type($w) `epilogue` custom<ScalarRegion>($epilogue)
  }];
}

def Kern_AttentionOp : Kern_Op<"attention", [SingleBlock]> {
  let summary = "softmax(q k^T * scale, masked) v";
  let description = [{
    For each batch index and query `i < queries`: scores `s[j] = region(sum over d of q[batch, i, d] * k[batch, j, d] * scale)` for
    `j < keys`, `p = softmax(s)`, `out[batch, i, e] = sum over j of p[j] * v[batch, j, e]`.

    - q `[batch..., queries, D]`, k `[batch..., keys, D]`, v `[batch..., keys, E]`, out `[batch..., queries, E]`, of any strides but an
      innermost one of 1: heads inside a `[N, S, 3 * H * D]` tensor are views. D and E are static. Grouped heads: a stride of 0.
    - `causal`: only keys `j <= i` are seen (upper left corner, as in PyTorch).
    - The region gets the scaled score, the batch indices, i, j and yields the score that counts: a mask is a load and a select or add.
      Left out, the score counts as it is.
    - A score of -inf is a key not seen; a row that sees nothing gives 0. A row whose scores are all one finite number (a mask of
      `finfo.min` everywhere) averages v, as softmax says. NaN gives NaN.
    - `scale` is a scalar of the accumulator's type.

    ```mlir
    kern.attention %q, %k, %v into %o batch(%n, %c12) queries(%s) keys(%s) scale(%scale) :
        memref<?x12x?x32xf32, strided<[?, 32, 1152, 1]>>, ... 
        score (%x: f32, %b: index, %h: index, %i: index, %j: index) {
      %m = kern.load %mask[%b, %j] : memref<?x?xf32>
      %r = arith.addf %x, %m : f32
      kern.yield %r : f32
    }
    ```
  }];
  let arguments = (ins Kern_FloatMemRef:$query, Kern_FloatMemRef:$key, Kern_FloatMemRef:$value, Kern_FloatMemRef:$out,
                       Variadic<Index>:$batch, Index:$queries, Index:$keys, AnyFloat:$scale, UnitAttr:$causal);
  let regions = (region SizedRegion<1>:$score);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$query, "::mlir::Value":$key, "::mlir::Value":$value, "::mlir::Value":$out,
      "::mlir::ValueRange":$batch, "::mlir::Value":$queries, "::mlir::Value":$keys, "::mlir::Value":$scale, "bool":$causal,
      CArg<"::llvm::function_ref<::mlir::Value(::mlir::OpBuilder &, ::mlir::Location, ::mlir::Value, ::mlir::ValueRange)>",
           "nullptr">:$score)>];
  let assemblyFormat = [{
    $query `,` $key `,` $value `into` $out (`batch` `(` $batch^ `)`)? `queries` `(` $queries `)` `keys` `(` $keys `)`
    `scale` `(` $scale `:` type($scale) `)` attr-dict
    `:` type($query) `,` type($key) `,` type($value) `,` type($out) `score` custom<ScalarRegion>($score)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getScore().front(); }
    /// Batch indices, then i and j.
    ::mlir::Block::BlockArgListType getIndices() { return getBodyBlock()->getArguments().drop_front(1); }
    /// True where the region yields its argument unchanged.
    bool isPlain();
  }];
}

def Kern_PackOp : Kern_Op<"pack", [SingleBlock]> {
  let summary = "Writes a matrix into panels";
  let description = [{
    Writes element (k, j) of the right side of a product, for `j < cols`, `k < inner`, into `!kern.panels`, and zeros into the padding.
    The region gets j and k and yields the element: usually one load, `%w[%j, %k]` of a Linear's weight or `%w[%k, %j]`, with casts,
    folded factors or a choice between concatenated weights where these are wanted.

    ```mlir
    kern.pack into %p cols(%c256) inner(%c784) : !kern.panels<256x784xf32> element (%j: index, %k: index) {
      %v = kern.load %w[%j, %k] : memref<256x784xf32>
      kern.yield %v : f32
    }
    ```
  }];
  let arguments = (ins Kern_PanelsType:$panels, Index:$cols, Index:$inner);
  let regions = (region SizedRegion<1>:$element);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$panels, "::mlir::Value":$cols, "::mlir::Value":$inner,
      "::llvm::function_ref<::mlir::Value(::mlir::OpBuilder &, ::mlir::Location, ::mlir::Value, ::mlir::Value)>":$element)>];
  let assemblyFormat = [{
    `into` $panels `cols` `(` $cols `)` `inner` `(` $inner `)` attr-dict `:` qualified(type($panels)) `element` custom<ScalarRegion>($element)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{ ::mlir::Block *getBodyBlock() { return &getElement().front(); } }];
}

//===----------------------------------------------------------------------===//
// Rows and maps
//===----------------------------------------------------------------------===//

def Kern_MapOp : Kern_SpaceOp<"map"> {
  let summary = "Runs a scalar body for each point of an index space, in any order";
  let description = [{
    Points are independent: a point may overwrite in place only what it alone reads. The body may hold a `kern.reduce`, which runs
    in sequence within the point. The last dimension is the one that is vectorised.

    ```mlir
    kern.map (%i, %j) to (%m, %n) { ... kern.store %r, %y[%i, %j] : memref<?x?xf32> }
    ```
  }];
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$sizes,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>];
}

def Kern_RowsOp : Kern_SpaceOp<"rows"> {
  let summary = "Runs a body with reductions for each row of an outer index space, in any order";
  let description = [{
    The body is scalar code per row and, inside it, `kern.reduce` (a value from the row), `kern.each` (something for each element
    of the row) and `kern.temp` (memory for a row). Softmax, norms and losses are rows.

    ```mlir
    kern.rows (%i) to (%m) {
      %max = kern.reduce max (%j) to (%n) : f32 { %v = kern.load %x[%i, %j] : memref<?x?xf32>  kern.yield %v : f32 }
      ...
      kern.each (%j) to (%n) { ... kern.store %p, %y[%i, %j] : memref<?x?xf32> }
    }
    ```
  }];
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$sizes,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>];
}

def Kern_EachOp : Kern_SpaceOp<"each", [ParentOneOf<["RowsOp"]>]> {
  let summary = "Runs a scalar body for each element of the row at hand, in any order";
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$sizes,
      "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>];
}

def Kern_ReduceOp : Kern_Op<"reduce", [SingleBlock, RecursiveMemoryEffects, ParentOneOf<["RowsOp", "MapOp", "EachOp"]>]> {
  let summary = "Joins the values that a scalar body yields over an index space";
  let description = [{
    Kinds: `add`, `mul`, `max`, `min` (floats: NaN wins; integers: signed), `argmax`, `argmin` (result `i64`: row-major position of the
    first extreme element, the first NaN before all). Of no elements: 0, 1, -inf or lowest, +inf or highest, 0.

    In `kern.rows` a float sum runs in 16 lanes over blocks of 16 elements of the last dimension and ends in a fixed tree, the same on
    every target; in `kern.map` it runs in order.

    ```mlir
    %sum = kern.reduce add (%j) to (%n) : f32 { %v = kern.load %x[%i, %j] : memref<?x?xf32>  kern.yield %v : f32 }
    ```
  }];
  let arguments = (ins Kern_Reduction:$kind, Variadic<Index>:$sizes);
  let results = (outs AnyTypeOf<[AnyFloat, AnySignlessInteger]>:$result);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "Reduction":$kind, "::mlir::Type":$type, "::mlir::ValueRange":$sizes,
      "::llvm::function_ref<::mlir::Value(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>];
  let extraClassDeclaration = [{
    ::mlir::Block::BlockArgListType getIndices() { return getBody().getArguments(); }
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
    /// The value joined for each element.
    ::mlir::Value getElement() { return getBodyBlock()->getTerminator()->getOperand(0); }
  }];
}

def Kern_TempOp : Kern_Op<"temp", [ParentOneOf<["RowsOp"]>, MemoryEffects<[MemAlloc]>]> {
  let summary = "Memory for the row at hand: static shape, at most 64 KiB, contents undefined";
  let results = (outs Kern_MemRef:$memref);
  let assemblyFormat = "attr-dict `:` type($memref)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// In regions
//===----------------------------------------------------------------------===//

def Kern_LoadOp : Kern_Op<"load", [MemoryEffects<[MemRead]>,
    TypesMatchWith<"result is an element of the memref", "memref", "result", "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">]> {
  let summary = "Reads one element at any computed index";
  let arguments = (ins Kern_MemRef:$memref, Variadic<Index>:$indices);
  let results = (outs AnyTypeOf<[AnyFloat, AnySignlessInteger]>:$result);
  let assemblyFormat = "$memref `[` $indices `]` attr-dict `:` type($memref)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{ ::mlir::MemRefType getMemRefType() { return ::llvm::cast<::mlir::MemRefType>(getMemref().getType()); } }];
}

def Kern_StoreOp : Kern_Op<"store", [MemoryEffects<[MemWrite]>,
    TypesMatchWith<"value is an element of the memref", "memref", "value", "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">]> {
  let summary = "Writes one element at any computed index";
  let arguments = (ins AnyTypeOf<[AnyFloat, AnySignlessInteger]>:$value, Kern_MemRef:$memref, Variadic<Index>:$indices);
  let assemblyFormat = "$value `,` $memref `[` $indices `]` attr-dict `:` type($memref)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{ ::mlir::MemRefType getMemRefType() { return ::llvm::cast<::mlir::MemRefType>(getMemref().getType()); } }];
}

def Kern_CheckIndexOp : Kern_Op<"check_index"> {
  let summary = "An index read from a tensor, checked against its limit";
  let description = [{
    Result: the value where `0 <= value < limit`. Else the launch fails with `MODC_E_INDEX`, value and limit of the first bad one in the
    lowest failing chunk in `frame->info`; the chunk finishes with 0 in its place. Of a table without rows nothing is read.
  }];
  let arguments = (ins AnyTypeOf<[Index, AnySignlessInteger]>:$value, Index:$limit);
  let results = (outs Index:$result);
  let assemblyFormat = "$value `,` $limit attr-dict `:` type($value)";
}

def Kern_RandomOp : Kern_Op<"random", [Pure]> {
  let summary = "Element of a stream of uniform random numbers in [0, 1)";
  let description = [{
    Philox4x32-10 with the key (low word, high word) and the counter (element / 4, number of the root call; low words first); element e
    takes word e % 4. f32 and f64: its top 24 bits times 2^-24; f16 the top 11, bf16 the top 8.
  }];
  let arguments = (ins I64:$key, Index:$element);
  let results = (outs AnyFloat:$result);
  let assemblyFormat = "$key `[` $element `]` attr-dict `:` type($result)";
}

#endif // MODC_KERN_OPS

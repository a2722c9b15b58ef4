//===- ModBase.td - the mod dialect: sizes, types, attributes -------------===//
//
// Symbolic sizes are polynomials inside our own tensor type, so equality of
// types is equality of pointers and upstream passes that do not look inside
// are right by construction. docs/decisions/own-tensor-type.md says why.
//
//===----------------------------------------------------------------------===//

#ifndef MODC_DIALECT_MOD_BASE
#define MODC_DIALECT_MOD_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/OpBase.td"

def Mod_Dialect : Dialect {
  let name = "mod";
  let cppNamespace = "::modc::mod";
  let summary = "module trees and the closed set of tensor primitives";
  let description = [{
    A model is a tree of `mod.class` instances with parameters, buffers,
    children and functions. Functions are SSA over whole tensors with value
    semantics; their operations are the language's primitives. Later phases add
    kernels (groups of primitives), launches and composed programs.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributesAndTypes();
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

/// One word of a small vocabulary, written without quotes.
class Mod_Word : StringRefParameter<> {
  let parser = [{[&]() -> ::mlir::FailureOr<std::string> {
    std::string word;
    if ($_parser.parseKeywordOrString(&word))
      return ::mlir::failure();
    return word;
  }()}];
  let printer = "$_printer << $_self";
}

//===----------------------------------------------------------------------===//
// Symbolic dimensions
//===----------------------------------------------------------------------===//

def Mod_DimAttr : AttrDef<Mod_Dialect, "Dim"> {
  let mnemonic = "dim";
  let summary = "a dimension: an integer polynomial in named sizes";
  let description = [{
    Kept in normal form, so two dimensions that are equal as polynomials are the
    same pointer. `coeffs[i]` multiplies the product of the atoms `monomials[i]`;
    an atom is a symbol (`StringAttr`) or an opaque quotient, minimum or maximum
    (`#mod.dimfn`). Monomials are ordered by degree, then text, never by address.
    Arithmetic that leaves 62 bits gives `overflow`, which no type accepts.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$coeffs,
                        ArrayRefParameter<"::mlir::ArrayAttr">:$monomials);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    static DimAttr constant(::mlir::MLIRContext *ctx, int64_t value);
    static DimAttr symbol(::mlir::MLIRContext *ctx, ::llvm::StringRef name);
    /// The product of `dims`; 1 when there are none.
    static DimAttr product(::mlir::MLIRContext *ctx, ::llvm::ArrayRef<DimAttr> dims);

    DimAttr plus(DimAttr other, int64_t scale = 1) const;
    DimAttr times(DimAttr other) const;
    /// Exact where the polynomial divides, else an opaque quotient. The divisor
    /// must not be the constant 0.
    DimAttr floorDiv(DimAttr other) const;
    /// `a - b * floordiv(a, b)`.
    DimAttr mod(DimAttr other) const;
    DimAttr min(DimAttr other) const;
    DimAttr max(DimAttr other) const;
    /// The quotient if `other` divides this polynomial without remainder.
    std::optional<DimAttr> divideExactly(DimAttr other) const;
    /// Replaces symbols; a null result of `map` keeps the symbol.
    DimAttr substitute(::llvm::function_ref<DimAttr(::mlir::StringAttr)> map) const;
    /// The value for given sizes; nothing on overflow, a zero divisor or an
    /// unknown symbol.
    std::optional<int64_t> evaluate(::llvm::function_ref<std::optional<int64_t>(::llvm::StringRef)> sizes) const;

    std::optional<int64_t> getConstant() const;
    /// The name, if this is one symbol alone.
    ::mlir::StringAttr getSymbol() const;
    bool isOverflow() const;
    void walkSymbols(::llvm::function_ref<void(::mlir::StringAttr)> fn) const;
    void print(::llvm::raw_ostream &os) const;
    std::string text() const;
    static ::mlir::FailureOr<DimAttr> parseExpr(::mlir::AsmParser &parser);
  }];
}

def Mod_DimFnAttr : AttrDef<Mod_Dialect, "DimFn"> {
  let mnemonic = "dimfn";
  let summary = "floordiv, min or max of two dimensions, as an atom";
  let genVerifyDecl = 1;
  let parameters = (ins Mod_Word<>:$fn, "DimAttr":$a, "DimAttr":$b);
  let assemblyFormat = "`<` $fn `,` $a `,` $b `>`";
}

def Mod_DimArray : TypedArrayAttrBase<Mod_DimAttr, "array of dimensions">;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Mod_LayoutAttr : AttrDef<Mod_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "where the elements lie; absent: row-major in the language's order";
  let description = [{
    `perm` lists the dimensions from outermost to innermost in memory. `panel`
    lists at most one dimension that is split into panels, the panel's lanes
    innermost (`[N/NR][K][NR]`); its width belongs to the instruction set and is
    not part of the type.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$perm,
                        OptionalArrayRefParameter<"int64_t">:$panel);
  let assemblyFormat = "`<` `[` $perm `]` (`,` `panel` `=` `[` $panel^ `]`)? `>`";
}

def Mod_SymTensorType : TypeDef<Mod_Dialect, "SymTensor",
    [DeclareTypeInterfaceMethods<ShapedTypeInterface>]> {
  let mnemonic = "tensor";
  let summary = "dtype, symbolic shape and layout, spelt as in the language";
  let description = [{
    `!mod.tensor<f32[N, 3, H, 2*W + 1]>`. Element types: f64 f32 bf16 f16 i64
    i32 i8 ui8 i1. Rank at most 8.
  }];
  let parameters = (ins "::mlir::Type":$elementType,
                        ArrayRefParameter<"DimAttr">:$dims,
                        "LayoutAttr":$layout,
                        // Derived from dims: ShapedType wants stored integers.
                        ArrayRefParameter<"int64_t">:$shape);
  let skipDefaultBuilders = 1;
  let builders = [
    TypeBuilderWithInferredContext<(ins "::mlir::Type":$elementType,
      "::llvm::ArrayRef<DimAttr>":$dims, CArg<"LayoutAttr", "{}">:$layout)>
  ];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Number of elements.
    DimAttr getCount() const;
    SymTensorType withDims(::llvm::ArrayRef<DimAttr> dims) const { return get(getElementType(), dims, getLayout()); }
    SymTensorType withElement(::mlir::Type element) const { return get(element, getDims(), getLayout()); }
    /// `f32[N, 384]`, the spelling of the language, for messages.
    std::string text() const;
  }];
}

class Mod_TensorOf<list<Type> elems, string what> : Type<
    And<[CPred<"::llvm::isa<::modc::mod::SymTensorType>($_self)">,
         SubstLeaves<"$_self",
           "::llvm::cast<::modc::mod::SymTensorType>($_self).getElementType()",
           AnyTypeOf<elems>.predicate>]>,
    what # " tensor", "::modc::mod::SymTensorType">;

def Mod_Float : Mod_TensorOf<[F64, F32, BF16, F16], "floating">;
def Mod_Index : Mod_TensorOf<[I64, I32], "integer">;
def Mod_Bool : Mod_TensorOf<[I1], "bool">;
def Mod_BoolOrInt : Mod_TensorOf<[I64, I32, I8, UI8, I1], "bool or integer">;
def Mod_Number : Mod_TensorOf<[F64, F32, BF16, F16, I64, I32, I8, UI8], "number">;
def Mod_Any : Mod_TensorOf<[F64, F32, BF16, F16, I64, I32, I8, UI8, I1], "any">;

/// What a branch asks: one bool. Its type is never written.
def Mod_Condition : Type<
    And<[Mod_Bool.predicate, CPred<"::llvm::cast<::modc::mod::SymTensorType>($_self).getDims().empty()">]>,
    "bool[] tensor", "::modc::mod::SymTensorType">,
    BuildableType<"::modc::mod::SymTensorType::get($_builder.getI1Type(), {})">;

def Mod_RngType : TypeDef<Mod_Dialect, "Rng"> {
  let mnemonic = "rng";
  let summary = "a key of random numbers, as folded so far";
}

//===----------------------------------------------------------------------===//
// Attributes of structure
//===----------------------------------------------------------------------===//

def Mod_ArgAttr : AttrDef<Mod_Dialect, "Arg"> {
  let mnemonic = "arg";
  let summary = "a constructor argument with the value it was given";
  let description = [{
    Kept in arrays, not in a dictionary, because printing needs their order.
    Values: integer (i64), float (f64), bool, string, unit (None), array of
    integers, or a symbol reference to a class.
  }];
  let parameters = (ins StringRefParameter<>:$name, "::mlir::Attribute":$value);
  let assemblyFormat = "`<` $name `=` $value `>`";
}

def Mod_GuardAttr : AttrDef<Mod_Dialect, "Guard"> {
  let mnemonic = "guard";
  let summary = "a condition on sizes, checked when a function is entered";
  let description = [{
    `a` rel `b` with rel `eq` or `le`; `text` is the user's wording, shown when it fails.
  }];
  let genVerifyDecl = 1;
  let parameters = (ins Mod_Word<>:$rel, "DimAttr":$a, "DimAttr":$b, StringRefParameter<>:$text);
  let assemblyFormat = "`<` $rel `,` $a `,` $b `,` $text `>`";
}

def Mod_RangeAttr : AttrDef<Mod_Dialect, "Range"> {
  let mnemonic = "range";
  let summary = "the values that a size may take: `1 <= S <= 512`";
  let genVerifyDecl = 1;
  let parameters = (ins StringRefParameter<>:$name, "int64_t":$min, "int64_t":$max);
  let assemblyFormat = "`<` $name `,` $min `,` $max `>`";
}

def Mod_InitAttr : AttrDef<Mod_Dialect, "Init"> {
  let mnemonic = "init";
  let summary = "how a parameter or buffer gets its first value";
  let description = [{
    `fill` (every element `a`), `uniform` (in [a, b)), `normal` (mean a,
    deviation b), or `fn`: the result of the class's function `fn`, which takes
    no tensor and may draw random numbers. Numbers are f64.
  }];
  let extraClassDeclaration = [{
    static InitAttr fill(::mlir::MLIRContext *ctx, double value);
    static InitAttr uniform(::mlir::MLIRContext *ctx, double a, double b);
    static InitAttr normal(::mlir::MLIRContext *ctx, double mean, double deviation);
    static InitAttr function(::mlir::MLIRContext *ctx, ::llvm::StringRef name);
  }];
  let parameters = (ins StringRefParameter<>:$kind, OptionalParameter<"::mlir::FloatAttr">:$a, OptionalParameter<"::mlir::FloatAttr">:$b, OptionalParameter<"::mlir::FlatSymbolRefAttr">:$fn);
  let hasCustomAssemblyFormat = 1;
}

def Mod_TieAttr : AttrDef<Mod_Dialect, "Tie"> {
  let mnemonic = "tie";
  let summary = "one parameter, buffer or module under two paths of an export; `first` is its first name";
  let parameters = (ins StringRefParameter<>:$path, StringRefParameter<>:$first);
  let assemblyFormat = "`<` $path `=` $first `>`";
}

//===----------------------------------------------------------------------===//
// Attributes of the memory plan
//===----------------------------------------------------------------------===//

def Mod_SlotAttr : AttrDef<Mod_Dialect, "Slot"> {
  let mnemonic = "slot";
  let summary = "an interval of the arena: its bytes and the slots that lie below it";
  let description = [{
    At call time `offset(i) = max over j in below of offset(j) + bytes(j)`, so
    that slots alive together never overlap, for all sizes.
  }];
  let parameters = (ins "DimAttr":$bytes, OptionalArrayRefParameter<"int64_t">:$below);
  let assemblyFormat = "`<` $bytes (`,` `above` `[` $below^ `]`)? `>`";
}

def Mod_PlaceAttr : AttrDef<Mod_Dialect, "Place"> {
  let mnemonic = "place";
  let summary = "where a launch writes a result: slot of the arena, or output of the function";
  let genVerifyDecl = 1;
  let parameters = (ins Mod_Word<>:$kind, "int64_t":$index);
  let assemblyFormat = "`<` $kind $index `>`";
}

#endif // MODC_DIALECT_MOD_BASE

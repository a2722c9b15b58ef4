//===- ModOps.td - the mod dialect: module structure, state, kernels ------===//

#ifndef MODC_DIALECT_MOD_OPS
#define MODC_DIALECT_MOD_OPS

include "dialect/mod/ModBase.td"
include "dialect/mod/ModInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Mod_Op<string mnemonic, list<Trait> traits = []>
    : Op<Mod_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Module structure
//===----------------------------------------------------------------------===//

def Mod_ClassOp : Mod_Op<"class", [Symbol, SymbolTable, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "one elaborated module class: its state, children, functions";
  let description = [{
    Instances with the same source class, constructor arguments and child
    classes share one `mod.class`. `source` is the name that `repr` prints.
    `kind` is `module`, `sequential`, `list` or `dict`.

    ```mlir
    mod.class @Linear_8_4 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>] repr "in_features=8, ..." version 1 {
      mod.param @weight : !mod.tensor<f32[4, 8]> init #mod.init<uniform -0.35, 0.35>
      mod.func @forward(%x: !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} { ... }
    }
    ```

    Functions: `@forward` and the other methods, as elaborated with
    `training = False`; where a body reads `training`, `@forward.train` is the
    same method elaborated with `True`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$source, StrAttr:$kind,
                       OptionalAttr<TypedArrayAttrBase<Mod_ArgAttr, "constructor arguments">>:$ctor,
                       DefaultValuedAttr<StrAttr, "\"\"">:$extra_repr,
                       DefaultValuedAttr<I64Attr, "1">:$version,
                       OptionalAttr<StrAttr>:$doc);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `from` $source `kind` $kind (`ctor` $ctor^)? (`repr` $extra_repr^)? (`version` $version^)?
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def Mod_ParamOp : Mod_Op<"param", [Symbol, HasParent<"ClassOp">]> {
  let summary = "a parameter of a class";
  let description = "`none`: the name exists and holds None. `since`: language.md, versions.";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Mod_Any>:$type,
                       OptionalAttr<Mod_InitAttr>:$init, UnitAttr:$none,
                       DefaultValuedAttr<BoolAttr, "true">:$requires_grad,
                       DefaultValuedAttr<I64Attr, "0">:$since);
  let assemblyFormat = "$sym_name `:` $type (`init` $init^)? (`none` $none^)? attr-dict";
}

def Mod_BufferOp : Mod_Op<"buffer", [Symbol, HasParent<"ClassOp">]> {
  let summary = "a buffer of a class";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Mod_Any>:$type,
                       OptionalAttr<Mod_InitAttr>:$init, UnitAttr:$none,
                       DefaultValuedAttr<BoolAttr, "true">:$persistent,
                       DefaultValuedAttr<I64Attr, "0">:$since);
  let assemblyFormat = "$sym_name `:` $type (`init` $init^)? (`none` $none^)? attr-dict";
}

def Mod_ChildOp : Mod_Op<"child", [Symbol, HasParent<"ClassOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a child module; without a class, a child that is None";
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$cls);
  let assemblyFormat = "$sym_name (`=` $cls^)? attr-dict";
}

def Mod_ExportOp : Mod_Op<"export", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a name under which programs find an instance, or a method of one";
  let description = [{
    Exports of one `instance` number are entries of one tree: same parameters,
    buffers, hooks. `method` is a function of the class.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$cls, FlatSymbolRefAttr:$method,
                       I64Attr:$instance,
                       OptionalAttr<TypedArrayAttrBase<Mod_TieAttr, "ties">>:$ties,
                       OptionalAttr<StrAttr>:$doc);
  let assemblyFormat = "$sym_name `=` $cls `->` $method `instance` $instance (`ties` $ties^)? attr-dict";
}

def Mod_FuncOp : Mod_Op<"func", [FunctionOpInterface, IsolatedFromAbove]> {
  let summary = "a method, a fused function, a piece, or an initialiser";
  let description = [{
    `dims` binds every size symbol that its types may use; the verifier checks
    that. Operations that make new sizes (`mod.call` of a child that may have
    been replaced) list theirs in `fresh`. `guards` are checked at entry,
    `ranges` bound the sizes.

    Argument attributes: `mod.name` (the language's name), and after
    thread-state one of `mod.weight = "path"`, `mod.state = "path"`,
    `mod.prepared = @prepare` with `mod.sources = ["path", ...]`, `mod.key`.
    Result attributes: `mod.name`, `mod.write = "path"`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<StrArrayAttr>:$dims,
                       OptionalAttr<TypedArrayAttrBase<Mod_GuardAttr, "guards">>:$guards,
                       OptionalAttr<TypedArrayAttrBase<Mod_RangeAttr, "ranges">>:$ranges,
                       OptionalAttr<TypedArrayAttrBase<Mod_SlotAttr, "arena">>:$arena,
                       OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Mod_ReturnOp : Mod_Op<"return", [Pure, Terminator, ParentOneOf<["FuncOp", "ProgramOp"]>]> {
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// State, calls, keys, sizes
//===----------------------------------------------------------------------===//

/// State of this module instance. A get reads, a set writes, the state
/// resource: upstream CSE and DCE then keep their order with no help.
def Mod_State : Resource<"::modc::mod::StateResource">;

def Mod_GetOp : Mod_Op<"get", [MemoryEffects<[MemRead<Mod_State>]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "value of a parameter or buffer, by path from this module";
  let arguments = (ins StrAttr:$path);
  let results = (outs Mod_Any:$value);
  let assemblyFormat = "$path attr-dict `:` type($value)";
}

def Mod_SetOp : Mod_Op<"set", [MemoryEffects<[MemWrite<Mod_State>]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "update of a buffer, by path from this module";
  let arguments = (ins StrAttr:$path, Mod_Any:$value);
  let assemblyFormat = "$path `,` $value attr-dict `:` type($value)";
}

def Mod_CallOp : Mod_Op<"call", [MemoryEffects<[MemRead<Mod_State>, MemWrite<Mod_State>]>,
                              DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "call a method of a child (`\"\"`: of this module), directly or through the runtime";
  let description = [{
    Direct (`fresh` absent): result types are the callee's with its symbols
    bound; open-calls may open it. Composed (`fresh` present): hooks run, the
    child may have been replaced, so every size of the results is one of the
    fresh symbols; only dtype and rank are promised. `site` numbers the calls
    and random draws of a method in program order; random keys fold in first the
    iterations of the loops round the call, outermost first, then the site.
  }];
  let arguments = (ins StrAttr:$child, FlatSymbolRefAttr:$method, Variadic<Mod_Any>:$args,
                       I64Attr:$site, OptionalAttr<Mod_DimArray>:$iterations, OptionalAttr<StrArrayAttr>:$fresh);
  let results = (outs Variadic<Mod_Any>:$results);
  let assemblyFormat = [{
    $child `->` $method `(` $args `)` `site` $site (`in` $iterations^)? (`fresh` $fresh^)? attr-dict
    `:` functional-type($args, $results)
  }];
}

def Mod_FrameKeyOp : Mod_Op<"frame_key", [Pure]> {
  let summary = "the key of random numbers as folded up to this function's entry";
  let results = (outs Mod_RngType:$key);
  let assemblyFormat = "attr-dict";
}

def Mod_KeyOp : Mod_Op<"key", [Pure]> {
  let summary = "fold a site or a child's name into a key (modc_fold)";
  let description = [{
    The runtime folds the same before a composed call: first the site, then the
    hash of the call's path (modc_name). `in` lists the iterations of the loops
    round it, outermost first: they are folded in before the salt. Stays outside
    kernels: two layers that differ in their keys alone share one kernel.
  }];
  let arguments = (ins Mod_RngType:$key, I64Attr:$salt, OptionalAttr<Mod_DimArray>:$iterations);
  let results = (outs Mod_RngType:$folded);
  let assemblyFormat = "$key `,` $salt (`in` $iterations^)? attr-dict";
}

def Mod_AssumeOp : Mod_Op<"assume", [Pure]> {
  let summary = "give a tensor a type with other sizes, guarded at run time";
  let description = [{
    Becomes guards at the function's entry; a failure names `what`, expected and
    actual sizes. Sizes proved equal fold it away.
  }];
  let arguments = (ins Mod_Any:$x, StrAttr:$what);
  let results = (outs Mod_Any:$y);
  let assemblyFormat = "$x `,` $what attr-dict `:` type($x) `to` type($y)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Control flow on run-time values
//===----------------------------------------------------------------------===//

def Mod_ForOp : Mod_Op<"for", [SingleBlock, RecursiveMemoryEffects, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "the body for i = 0, 1, …, count - 1, carrying values round; a count below 0 is none";
  let description = [{
    Binds the name `iteration` for its body: usable where an attribute is a
    position or an amount (start of a slice, `mod.size`, keys, the count of an
    inner loop), never in a type. The name is no size of the function and none
    of a loop round this one. Carried values keep their types; the results are
    those of the last round, or the initial ones. The body sees the values
    outside.

    ```mlir
    %h1, %y1 = mod.for "t" to <S> init(%h0, %y0 : !mod.tensor<f32[N, 8]>, !mod.tensor<f32[S, N, 8]>) {
    ^bb0(%h: !mod.tensor<f32[N, 8]>, %y: !mod.tensor<f32[S, N, 8]>):
      %x_t = mod.narrow %x dim 0 from <t> length <1> : ...
      mod.yield %h2, %y2 : !mod.tensor<f32[N, 8]>, !mod.tensor<f32[S, N, 8]>
    }
    ```
  }];
  let arguments = (ins StrAttr:$iteration, Mod_DimAttr:$count, Variadic<Mod_Any>:$inits);
  let results = (outs Variadic<Mod_Any>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$iteration `to` $count (`init` `(` $inits^ `:` type($inits) `)`)? $body attr-dict";
  let hasRegionVerifier = 1;
}

def Mod_WhileOp : Mod_Op<"while", [SingleBlock, RecursiveMemoryEffects, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "the body for as long as the condition holds, carrying values round";
  let description = [{
    Both regions take the carried values; the first yields a `bool[]`, the
    second the values after the round. `iteration` counts the rounds from 0 and
    is bound as in `mod.for`, in both regions.
  }];
  let arguments = (ins StrAttr:$iteration, Variadic<Mod_Any>:$inits);
  let results = (outs Variadic<Mod_Any>:$results);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let assemblyFormat = "$iteration (`init` `(` $inits^ `:` type($inits) `)`)? $condition `do` $body attr-dict";
  let hasRegionVerifier = 1;
}

def Mod_IfOp : Mod_Op<"if", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "one of two bodies, whose values are the results";
  let description = "Both sides yield values of the results' types. They see the values outside.";
  let arguments = (ins Mod_Condition:$condition);
  let results = (outs Variadic<Mod_Any>:$results);
  let regions = (region SizedRegion<1>:$then, SizedRegion<1>:$otherwise);
  let assemblyFormat = "$condition (`->` type($results)^)? $then `else` $otherwise attr-dict";
  let hasRegionVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Kernels, prepared weights, composed programs
//===----------------------------------------------------------------------===//

def Mod_KernelOp : Mod_Op<"kernel", [Symbol, IsolatedFromAbove, SingleBlock, NoTerminator]> {
  let summary = "one fusion group, outlined; the unit of sharing and of code";
  let description = [{
    Its body is plain primitives over whole tensors, so the interpreter runs it
    as it is. `dims` are the sizes it takes at run time, renamed d0, d1, … by
    first use; `hash` is of the printed body without locations; `kind` names
    the anchor. `from` lists the modules whose operations it fuses.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$kind, StrArrayAttr:$dims, StrAttr:$hash,
                       OptionalAttr<StrArrayAttr>:$from);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `kind` $kind `dims` $dims `hash` $hash (`from` $from^)? attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
}

def Mod_YieldOp : Mod_Op<"yield", [Pure, Terminator,
                                   ParentOneOf<["KernelOp", "PrepareOp", "ForOp", "WhileOp", "IfOp"]>]> {
  let arguments = (ins Variadic<Mod_Any>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Mod_LaunchOp : Mod_Op<"launch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel; `sizes` are the values of its dims";
  let description = [{
    After plan-memory `places` says for each result where it is written.
    `from` lists the modules, relative to the function's, for traces.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyTypeOf<[Mod_Any, Mod_RngType]>>:$args,
                       Mod_DimArray:$sizes,
                       OptionalAttr<TypedArrayAttrBase<Mod_PlaceAttr, "places">>:$places,
                       OptionalAttr<StrArrayAttr>:$from);
  let results = (outs Variadic<Mod_Any>:$results);
  let assemblyFormat = [{
    $kernel `(` $args `)` `sizes` $sizes (`at` $places^)? (`from` $from^)? attr-dict
    `:` functional-type($args, $results)
  }];
}

def Mod_PrepareOp : Mod_Op<"prepare", [Symbol, IsolatedFromAbove, SingleBlock, NoTerminator]> {
  let summary = "derives one prepared block from parameters and buffers";
  let description = [{
    Pure; its body is primitives and `mod.repack`. Shared by every function that
    wants the same content from the same sources. `hash` covers the content.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$hash);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `hash` $hash attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Mod_ProgramOp : Mod_Op<"program", [Symbol, IsolatedFromAbove, SingleBlock, HasParent<"ClassOp">]> {
  let summary = "a method in composed form: calls of children and runs of pieces";
  let description = [{
    Block arguments are the method's inputs. Holds `mod.call` with fresh sizes,
    `mod.run` and `mod.return`, also in loops and branches, nothing else.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrArrayAttr>:$dims);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`dims` $dims^)? attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Mod_RunOp : Mod_Op<"run", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a piece of this module's own forward";
  let description = [{
    `in` lists the names of the loops round it, outermost first: their
    iterations are folded into the piece's key, and are sizes of these names in
    the piece.
  }];
  let arguments = (ins FlatSymbolRefAttr:$piece, Variadic<Mod_Any>:$args, OptionalAttr<Mod_DimArray>:$iterations,
                       OptionalAttr<StrArrayAttr>:$fresh);
  let results = (outs Variadic<Mod_Any>:$results);
  let assemblyFormat = [{
    $piece `(` $args `)` (`in` $iterations^)? (`fresh` $fresh^)? attr-dict `:` functional-type($args, $results)
  }];
}

#endif // MODC_DIALECT_MOD_OPS

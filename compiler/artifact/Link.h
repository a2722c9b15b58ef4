// Linking by ld.lld, the trailer, files.
#pragma once
#include "compiler/artifact/Objects.h"

namespace modc::artifact {

/// Path of ld.lld, on PATH or in LLVM's own folder; the error says what to install.
llvm::Expected<std::string> findLinker();
/// A shared library of those objects, which needs memcpy and memset and nothing else. Runs the linker in a folder of
/// its own.
llvm::Expected<Bytes> linkShared(llvm::ArrayRef<NamedObject> objects);
/// One relocatable object of which only `visible` can be seen.
llvm::Expected<Bytes> linkRelocatable(llvm::ArrayRef<NamedObject> objects, llvm::StringRef visible);
/// Appends modc_trailer: length and hash, by which the runtime knows a whole file.
void appendTrailer(Bytes &library);

} // namespace modc::artifact

// Where errors point and what they add, and the limits on compile-time work.
#include "compiler/sema/Elaborator.h"

using namespace modc;
using namespace modc::sema;

/// Of the machine's stack, leaving room for what runs below the last check.
static constexpr uintptr_t kMaxStack = 5u << 20;

SourceRange Elaborator::visiblePlace(SourceRange range) const {
  auto inLibrary = [&](SourceRange place) {
    if (!place.valid() || options.libraryPath.empty())
      return !place.valid();
    return sources.path(place.file).starts_with(options.libraryPath);
  };
  SourceRange place = range;
  for (Frame *f = frame; f && inLibrary(place); f = f->caller)
    if (f->callRange.valid())
      place = f->callRange;
  return inLibrary(place) ? range : place;
}

Diagnostic &Elaborator::addContext(Diagnostic &diagnostic, SourceRange range, SourceRange place) {
  if (range != place)
    diagnostic.note(range, frame && frame->function ? ("found here, in `" + frame->function->name.text + "`").str()
                                                    : "found here");
  // The calls that led here, nearest first, as far as they are in the user's files; not the call that is at fault
  // itself, and each place once.
  llvm::SmallVector<SourceRange, 4> shown;
  auto encloses = [](SourceRange outer, SourceRange inner) {
    return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end;
  };
  for (Frame *f = frame; f && shown.size() < 4; f = f->caller) {
    SourceRange call = f->callRange;
    if (!call.valid() || encloses(call, place) || llvm::is_contained(shown, call) || visiblePlace(call) != call)
      continue;
    std::string what = f->function ? f->function->name.text.str() : f->self ? f->self->cls->name.str() : "";
    if (f->function && f->self && f->function->name.text == "forward")
      what = f->self->cls->name.str();
    bool exported = f->caller && !f->caller->function && !f->caller->self && f->function;
    diagnostic.note(call, "in `" + what + "`, " +
                              (exported                  ? "exported here"
                               : f->body || !f->function ? "made here"
                                                         : "called from here"));
    shown.push_back(call);
  }
  for (Frame *f = frame; f; f = f->caller)
    if (f->trace && !f->trace->path.empty()) {
      if (llvm::StringRef(diagnostic.message).contains("`" + f->trace->path + "."))
        break;
      diagnostic.note("in module `" + f->trace->path + "`");
      break;
    }
  return diagnostic;
}

Value Elaborator::notCompiled(SourceRange range, llvm::StringRef what, llvm::StringRef instead) {
  Diagnostic &d = report(diag::notCompiledYet, range, what);
  if (!instead.empty())
    d.suggest(instead.str());
  return Poison{};
}

bool Elaborator::step(SourceRange range) {
  if (halted)
    return false;
  if (++steps > options.maxSteps) {
    quiet = 0;
    report(diag::stepLimit, range).note("the limit is " + std::to_string(options.maxSteps) + " evaluated expressions");
    halted = true;
    return false;
  }
  uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  uintptr_t used = stackTop > here ? stackTop - here : here - stackTop;
  if (used > kMaxStack) {
    quiet = 0;
    report(diag::tooDeep, range,
           frame && frame->function ? frame->function->name.text : llvm::StringRef("this expression"));
    halted = true;
    return false;
  }
  return true;
}

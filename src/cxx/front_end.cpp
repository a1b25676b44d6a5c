// Parses one source, against the model headers or the real ones, and hands it to the interpreter.
#include "cxx/compilation_database.h"
#include "cxx/interpreter.h"
#include "cxx/model.h"
#include "cxx/project_folders.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Frontend/Utils.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm/Support/VirtualFileSystem.h>

// LLVM's headers define __has_feature for compilers that lack it.
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define CUPEL_ADDRESS_SANITIZER
#endif
#ifdef CUPEL_ADDRESS_SANITIZER
// Clang's archives are built without the sanitizer: they do not unpoison what inline functions of their headers poison here, nor do they
// tell how much of a container is in use. Here, so that every program has it that parses.
extern "C" const char* __asan_default_options();  // NOLINT
extern "C" const char* __asan_default_options() { return "allow_user_poisoning=0:detect_container_overflow=0"; }
#endif

namespace cupel::cxx {
namespace {

// Everything that the main file defines.
class DefinitionFinder : public clang::RecursiveASTVisitor<DefinitionFinder> {
 public:
  bool VisitFunctionDecl(clang::FunctionDecl* function) {  // NOLINT(readability-identifier-naming)
    // A lambda's body belongs to the function around it.
    if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function); method != nullptr && method->getParent()->isLambda())
      return true;
    if (function->isThisDeclarationADefinition() && !function->isDefaulted() && function->hasBody()) functions.push_back(function);
    return true;
  }
  bool VisitVarDecl(clang::VarDecl* variable) {  // NOLINT(readability-identifier-naming)
    if (variable->isFileVarDecl()) variables.push_back(variable);
    return true;
  }
  bool VisitStringLiteral(clang::StringLiteral* literal) {  // NOLINT(readability-identifier-naming)
    literals.push_back(literal);
    return true;
  }
  std::vector<const clang::FunctionDecl*> functions;
  std::vector<const clang::StringLiteral*> literals;
  std::vector<const clang::VarDecl*> variables;
};

// Comments that may hold a directive of ours.
class CommentReader : public clang::CommentHandler {
 public:
  explicit CommentReader(Analysis& analysis) : analysis_(analysis) {}
  bool HandleComment(clang::Preprocessor& preprocessor, clang::SourceRange range) override {
    const clang::SourceManager& sources = preprocessor.getSourceManager();
    if (!sources.isInMainFile(range.getBegin())) return false;
    const unsigned begin = sources.getFileOffset(range.getBegin());
    const unsigned end = sources.getFileOffset(range.getEnd());
    const llvm::StringRef all = sources.getBufferData(sources.getMainFileID());
    llvm::StringRef text = all.slice(begin, end);
    if (!text.contains("cupel:")) return false;
    if (text.starts_with("/*")) text = text.drop_front(2).drop_back(text.ends_with("*/") ? 2 : 0);
    else text = text.ltrim('/');
    analysis_.comments.push_back({{0, begin, end}, text.trim().str()});
    return false;
  }

 private:
  Analysis& analysis_;
};

class ErrorCounter : public clang::DiagnosticConsumer {
 public:
  explicit ErrorCounter(Analysis& analysis) : analysis_(analysis) {}
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error) return;
    // Nothing in a model is the user's mistake.
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
    const clang::SourceManager& sources = diagnostic.getSourceManager();
    if (!sources.isInMainFile(sources.getFileLoc(diagnostic.getLocation()))) return;
    ++analysis_.errors;
    if (!analysis_.first_error.empty()) return;
    llvm::SmallString<128> words;
    diagnostic.FormatDiagnostic(words);
    analysis_.first_error = "line " + std::to_string(sources.getPresumedLineNumber(diagnostic.getLocation())) + ": ";
    analysis_.first_error += words.str().str();
  }

 private:
  Analysis& analysis_;
};

class Consumer : public clang::ASTConsumer {
 public:
  Consumer(const Settings& settings, Analysis& analysis) : settings_(settings), analysis_(analysis) {}

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (clang::Decl* declaration : group) {
      const clang::SourceManager& sources = declaration->getASTContext().getSourceManager();
      if (sources.isInMainFile(sources.getFileLoc(declaration->getLocation()))) declarations_.push_back(declaration);
    }
    return true;
  }

  // Asked with real headers only: nothing of the system's is walked.
  bool shouldSkipFunctionBody(clang::Decl* declaration) override {
    const clang::SourceManager& sources = declaration->getASTContext().getSourceManager();
    return sources.isInSystemHeader(sources.getFileLoc(declaration->getLocation()));
  }

  void HandleTranslationUnit(clang::ASTContext& context) override {
    DefinitionFinder finder;
    for (clang::Decl* declaration : declarations_) finder.TraverseDecl(declaration);
    Interpreter interpreter(context, settings_, analysis_);
    interpreter.prepare(finder.functions);
    if (!interpreter.run_revisions(finder.variables)) interpreter.run(finder.functions);
    interpreter.add_unreached(finder.literals);
  }

 private:
  const Settings& settings_;
  Analysis& analysis_;
  std::vector<clang::Decl*> declarations_;
};

class Action : public clang::ASTFrontendAction {
 public:
  Action(const Settings& settings, Analysis& analysis) : settings_(settings), analysis_(analysis), comments_(analysis) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler, llvm::StringRef /*file*/) override {
    compiler.getPreprocessor().addCommentHandler(&comments_);
    compiler.getPreprocessor().SetSuppressIncludeNotFoundError(true);
    return std::make_unique<Consumer>(settings_, analysis_);
  }

 private:
  const Settings& settings_;
  Analysis& analysis_;
  CommentReader comments_;
};

// Made once for each thread: what counts its users is not made for several. The tables outlive every parse, and their texts end with a NUL.
llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> own_headers() {
  thread_local llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> files;
  if (files != nullptr) return files;
  files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  const auto add = [](const std::string& path, std::string_view text) {
    files->addFile(path, 0, llvm::MemoryBuffer::getMemBuffer(llvm::StringRef(text.data(), text.size()), path, true));
  };
  for (const Model& model : models()) {
    const std::string folder = is_walked(model) ? walked_model_folder : model_folder;
    for (const std::string_view name : headers_of(model)) add(folder + std::string(name), model.text);
  }
  for (const BuiltinHeader& header : builtin_headers()) add(builtin_folder + ("include/" + std::string(header.name)), header.text);
  return files;
}

llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> file_system(const std::string& file, std::string_view text) {
  const auto overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::getRealFileSystem());
  overlay->pushOverlay(own_headers());
  // The analysed text stands before what is on disk.
  const auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  if (const auto here = overlay->getCurrentWorkingDirectory()) memory->setCurrentWorkingDirectory(*here);
  memory->addFile(file, 0, llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(text.data(), text.size()), file));
  overlay->pushOverlay(memory);
  return overlay;
}

bool is_c(llvm::StringRef file) { return file.ends_with(".c"); }

std::vector<const char*> pointers(const std::vector<std::string>& arguments) {
  std::vector<const char*> words;
  words.reserve(arguments.size());
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  return words;
}

using Diagnostics = llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine>;

std::shared_ptr<clang::CompilerInvocation> with_models(const std::string& file, const Settings& settings, const Diagnostics& diagnostics) {
  std::vector<std::string> arguments = {"-triple",
                                        "x86_64-unknown-linux-gnu",
                                        "-fsyntax-only",
                                        "-w",
                                        "-ferror-limit",
                                        "0",
                                        "-nobuiltininc",
                                        "-nostdsysteminc",
                                        "-fcxx-exceptions",
                                        "-fexceptions",
                                        "-fcoroutines",
                                        "-fno-char8_t",
                                        "-fblocks",
                                        "-fmessage-length=0",
                                        "-fbracket-depth",
                                        "1024",
                                        "-ftemplate-depth=128",
                                        "-I",
                                        model_folder,
                                        "-I",
                                        walked_model_folder};
  if (is_c(file)) {
    arguments.insert(arguments.end(), {"-x", "c", "-std=gnu17"});
    std::erase_if(arguments,
                  [](const std::string& one) { return one == "-fcxx-exceptions" || one == "-fcoroutines" || one == "-fno-char8_t"; });
  } else {
    arguments.insert(arguments.end(), {"-x", "c++", "-std=gnu++20"});
  }
  for (const std::string& folder : settings.include_folders) arguments.insert(arguments.end(), {"-I", folder});
  for (const std::string& folder : header_folders(file)) arguments.insert(arguments.end(), {"-I", folder});
  for (const std::string& define : settings.defines) arguments.insert(arguments.end(), {"-D", define});
  arguments.push_back(file);
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  clang::CompilerInvocation::CreateFromArgs(*invocation, pointers(arguments), *diagnostics);
  return invocation;
}

// nullptr: the flags are such that nothing comes of them.
std::shared_ptr<clang::CompilerInvocation> with_real_headers(const std::string& file, const Settings& settings,
                                                             const std::vector<std::string>& flags, const Diagnostics& diagnostics,
                                                             const llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>& files) {
  std::vector<std::string> arguments = {"clang",
                                        is_c(file) ? "--driver-mode=gcc" : "--driver-mode=g++",
                                        "-no-canonical-prefixes",
                                        "--no-default-config",
                                        "-fsyntax-only",
                                        "-w",
                                        "-ferror-limit=0",
                                        "-fmessage-length=0",
                                        "-fbracket-depth=1024"};
  if (!builtin_headers().empty()) arguments.insert(arguments.end(), {"-resource-dir", builtin_folder});
  // What is walked is never the real thing.
  arguments.insert(arguments.end(), {"-I", walked_model_folder});
  for (const std::string& flag : flags) {
    // The source that gave its flags may be of the other language.
    if (llvm::StringRef(flag).starts_with("-std=") && llvm::StringRef(flag).contains("++") == is_c(file)) continue;
    arguments.push_back(flag);
  }
  for (const std::string& folder : settings.include_folders) arguments.insert(arguments.end(), {"-I", folder});
  for (const std::string& define : settings.defines) arguments.insert(arguments.end(), {"-D", define});
  // Libraries that are not on this machine.
  arguments.insert(arguments.end(), {"-idirafter", model_folder, "-x", is_c(file) ? "c" : "c++", file});
  clang::CreateInvocationOptions options;
  options.Diags = diagnostics;
  options.VFS = files;
  options.RecoverOnError = true;
  std::shared_ptr<clang::CompilerInvocation> invocation = clang::createInvocation(pointers(arguments), options);
  if (invocation != nullptr) invocation->getFrontendOpts().SkipFunctionBodies = true;
  return invocation;
}

// `make_invocation`: of the diagnostics and the file system.
template <class MakeInvocation>
Analysis analyse_once(const std::string& file, std::string_view text, const Settings& settings, const MakeInvocation& make_invocation) {
  Analysis analysis;
  analysis.files.push_back(file);
  const auto files = file_system(file, text);
  ErrorCounter errors(analysis);
  const Diagnostics diagnostics = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
      llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>(), &errors, false);
  std::shared_ptr<clang::CompilerInvocation> invocation = make_invocation(diagnostics, files);
  if (invocation == nullptr) return analysis;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getDiagnosticOpts().ShowCarets = false;  // nothing is printed
  clang::CompilerInstance compiler;
  compiler.setInvocation(std::move(invocation));
  compiler.createDiagnostics(&errors, false);
  compiler.getDiagnostics().setFatalsAsError(true);
  auto* const file_manager = compiler.createFileManager(files);
  compiler.createSourceManager(*file_manager);
  if (compiler.createTarget()) {
    Action action(settings, analysis);
    compiler.ExecuteAction(action);
  }
  return analysis;
}

// How much an analysis tells; the greater of two tells more.
std::tuple<long, long, long, long, long> telling(const Analysis& analysis) {
  long full = 0;
  long resolved = 0;
  long in_doubt = 0;
  long unreached = 0;
  for (const Item& item : analysis.items) {
    if (item.evidence == Evidence::literal) {
      ++unreached;
    } else if (item.text.empty() || std::ranges::any_of(item.text, &Stretch::hole)) {
      ++in_doubt;
    } else {
      ++full;
      if (item.evidence == Evidence::resolved) ++resolved;
    }
  }
  return {full, resolved, -in_doubt, -unreached, -static_cast<long>(analysis.errors)};
}

}  // namespace

Analysis analyse_with_real_headers(const std::string& file, std::string_view text, const Settings& settings,
                                   const std::vector<std::string>& flags) {
  Analysis analysis = analyse_once(file, text, settings, [&](const auto& diagnostics, const auto& files) {
    return with_real_headers(file, settings, flags, diagnostics, files);
  });
  analysis.headers = Headers::real;
  return analysis;
}

Analysis analyse(const std::string& file, std::string_view text, const Settings& settings) {
  Analysis analysis = analyse_once(
      file, text, settings, [&](const auto& diagnostics, const auto& /*files*/) { return with_models(file, settings, diagnostics); });
  if (analysis.errors == 0 || analysis.items.empty()) return analysis;
  const Result<std::vector<std::string>> flags = compile_flags(file, settings.compilation_database);
  if (!flags) {
    analysis.database_problem = flags.error().message;
    return analysis;
  }
  if (flags->empty()) return analysis;
  Analysis second = analyse_with_real_headers(file, text, settings, *flags);
  if (telling(second) > telling(analysis)) return second;
  return analysis;
}

}  // namespace cupel::cxx
